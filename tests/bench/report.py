"""What was measured, for people and for programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import distributions
import os
from pathlib import Path
import platform
from statistics import median

from tests.live.process import ROOT

type Results = dict[str, list[float]]
"""What was measured, by what it was measured of."""


@dataclass(frozen=True)
class Ratio:
    """A comparison within one run: machines differ, ratios hardly do."""

    ours: str
    other: str
    target: float | None = None
    """What it should be at most."""

    def of(self, results: Results) -> float:
        """Return the ratio of the medians."""
        return median(results[self.ours]) / median(results[self.other])


@dataclass(frozen=True, kw_only=True)
class Section:
    """One table of the report."""

    title: str
    unit: str
    results: Results
    ratios: Sequence[Ratio]

    def as_dict(self) -> dict[str, object]:
        """Return it to be written as JSON."""
        return {
            "title": self.title,
            "unit": self.unit,
            "results": self.results,
            "ratios": [
                {
                    "ours": ratio.ours,
                    "other": ratio.other,
                    "ratio": ratio.of(self.results),
                    "target": ratio.target,
                }
                for ratio in self.ratios
            ],
        }

    def show(self) -> None:
        """Print it."""
        print(f"\n{self.title}\n")
        print(f"{self.unit:56}{'median':>10}{'min':>10}{'max':>10}")
        for name, values in self.results.items():
            figures = (median(values), min(values), max(values))
            print(f"{name:56}" + "".join(f"{figure:10.4g}" for figure in figures))
        print(f"\n{'ratio':88}{'is':>8}{'target':>8}")
        for ratio in self.ratios:
            target = "" if ratio.target is None else f"≤ {ratio.target:g}"
            name = f"{ratio.ours}  /  {ratio.other}"
            print(f"{name:88}{ratio.of(self.results):8.2f}{target:>8}")


def machine() -> dict[str, object]:
    """Return what it was measured on."""
    info = Path("/proc/cpuinfo").read_text()
    packages = str(next((ROOT / ".venv-hass/lib").glob("*/site-packages")))
    [installed] = distributions(name="homeassistant", path=[packages])
    models = [
        line.partition(": ")[2] for line in info.splitlines() if "model name" in line
    ]
    return {
        "processor": models[0] if models else platform.machine(),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "homeassistant": installed.version,
    }
