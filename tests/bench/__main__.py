"""Measure what SnapCam costs a real Home Assistant, beside what others cost.

Prints tables and ratios within this one run: machines differ, ratios hardly do. They
are kept below build/bench, as JSON and as a plot.
"""

import argparse
import asyncio
import json
from pathlib import Path
import shutil
import subprocess

from tests.live.process import ROOT

from . import cluster, film, fleet, latency, messages, panel, scale, scenarios, sense
from .report import Section, machine

FOLDER = ROOT / "build/bench"
PARTS = ("messages", "latency", "panel", "film", "sense", "scale", "fleet", "cluster")


async def measure(part: str) -> list[Section]:
    """Measure a part of it."""
    working = FOLDER / part
    shutil.rmtree(working, ignore_errors=True)
    match part:
        case "messages":
            return [
                Section(
                    title="A message",
                    unit="µs of processor time",
                    results=await messages.run(working),
                    ratios=scenarios.ratios(),
                )
            ]
        case "latency":
            pings, snapshots = await latency.run(working)
            return [
                Section(
                    title="Home Assistant's answer to a ping, while 10 MB come a second",
                    unit="ms",
                    results=pings,
                    ratios=latency.ping_ratios(),
                ),
                Section(
                    title="A snapshot that is asked for",
                    unit="ms",
                    results=snapshots,
                    ratios=latency.snapshot_ratios(),
                ),
            ]
        case "panel":
            return [
                Section(
                    title="Pictures in the panel, with Home Assistant on the same machine",
                    unit="as it says",
                    results=await panel.run(working),
                    ratios=panel.ratios(),
                )
            ]
        case "film":
            return [
                Section(
                    title="A video of pictures of 1280 × 720, on one core",
                    unit="as it says",
                    results=await film.run(working),
                    ratios=film.ratios(),
                )
            ]
        case "sense":
            return [
                Section(
                    title="What it costs to look at pictures",
                    unit="ms of processor time",
                    results=await asyncio.to_thread(sense.run, working),
                    ratios=sense.ratios(),
                )
            ]
        case "fleet":
            return [
                Section(
                    title=f"{fleet.COUNT} cameras from a pasted list",
                    unit="as it says",
                    results=await fleet.run(working),
                    ratios=fleet.ratios(),
                )
            ]
        case "cluster":
            return [
                Section(
                    title="Several Home Assistants on a cluster of three nodes",
                    unit="as it says, by the number of Home Assistants",
                    results=await cluster.run(working),
                    ratios=cluster.ratios(),
                )
            ]
        case _:
            return [
                Section(
                    title="Cameras that are merely there",
                    unit="for each of them",
                    results=await scale.run(working),
                    ratios=scale.ratios(),
                )
            ]


def main() -> None:
    """Measure what is asked for, print it, and keep it."""
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("part", nargs="*", choices=PARTS, help="all, if none is named")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for part in parser.parse_args().part or PARTS:
        sections = asyncio.run(measure(part))
        for section in sections:
            section.show()
        kept = {"machine": machine(), "sections": [x.as_dict() for x in sections]}
        file = FOLDER / f"{part}.json"
        file.write_text(json.dumps(kept, indent=2, ensure_ascii=False))
        plot(file)


def plot(file: Path) -> None:
    """Draw a plot beside a file of results, if there is what draws it."""
    python = ROOT / ".venv-plot/bin/python"
    if not python.exists():
        return
    subprocess.run(
        [python, "-P", Path(__file__).with_name("plot.py"), file], check=True
    )


if __name__ == "__main__":
    main()
