"""The tables of the benchmark compare what was measured, and only that."""

import pytest

from . import cluster, film, latency, scale
from .report import Ratio, Section
from .scenarios import SN, SN_ONE, ratios, scenarios

ADDRESSES = {SN: "http://127.0.0.1/a", SN_ONE: "http://127.0.0.1/b"}


def test_ratio_is_of_the_medians() -> None:
    """One round that was disturbed changes nothing."""
    results = {"ours": [2.0, 3.0, 99.0], "other": [2.0, 1.0, 2.0]}
    assert Ratio("ours", "other").of(results) == 1.5


def test_section_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """People read the figures, the ratios, and what these should be at most."""
    Section(
        title="A message",
        unit="µs",
        results={"ours": [3.0], "other": [2.0]},
        ratios=[Ratio("ours", "other", 1.6), Ratio("other", "ours")],
    ).show()
    assert [
        " ".join(line.split()) for line in capsys.readouterr().out.splitlines()
    ] == [
        "",
        "A message",
        "",
        "µs median min max",
        "ours 3 3 3",
        "other 2 2 2",
        "",
        "ratio is target",
        "ours / other 1.50 ≤ 1.6",
        "other / ours 0.67",
    ]


def test_messages_that_are_compared_are_measured() -> None:
    """A name that is misspelt is found before, not after, a quarter of an hour."""
    names = [scenario.name for scenario in scenarios(ADDRESSES)]
    assert len(names) == len(set(names))
    assert {name for ratio in ratios() for name in (ratio.ours, ratio.other)} <= {
        *names
    }


def test_loads_that_are_compared_are_measured() -> None:
    """The same, of the pings."""
    names = {
        f"ping {which}, {load}" for which in ("p50", "p99") for load in latency.LOADS
    }
    compared = latency.ping_ratios()
    assert {name for ratio in compared for name in (ratio.ours, ratio.other)} <= names


def test_numbers_that_are_compared_are_measured() -> None:
    """The same, of cameras that are merely there."""
    names = {
        f"{what}: {count} {kind}"
        for what in scale.TARGETS
        for count, kind in scale.MEASURED
    }
    compared = scale.ratios()
    assert {name for ratio in compared for name in (ratio.ours, ratio.other)} <= names


def test_limits_of_videos_are_of_what_is_measured() -> None:
    """The same, of videos: what has a limit is compared with it, and with nothing else."""
    compared = {ratio.ours: ratio.other for ratio in reversed(film.ratios())}
    assert {what: compared[what] for what in film.TARGETS} == {
        what: film.LIMIT + what for what in film.TARGETS
    }


def test_home_assistants_that_are_compared_are_measured() -> None:
    """The same, of those that share a cluster."""
    names = {
        cluster.name(what, count)
        for what in cluster.MEASURED
        for count in cluster.HOMES
    }
    compared = cluster.ratios()
    assert {name for ratio in compared for name in (ratio.ours, ratio.other)} <= names
