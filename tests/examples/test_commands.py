"""The commands on the page of the protocol, run as people run them."""

import argparse
from http import HTTPStatus
import json
import os
from pathlib import Path
import subprocess
import sys
from typing import Any

from aiohttp import FormData
from aiohttp.test_utils import TestClient
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from yarl import URL

from ..broker import Broker
from ..common import JPEG, state
from ..const import TOPICS
from ..docs import PROTOCOLS, blocks
from ..simulator import SimulatedCamera

# The camera that people play, and the simulated one they run beside it.
PLAYED, BESIDE = "200000000009", "200000000008"

STAND_IN = f"""#!{sys.executable}
import json, os, sys

stdin = sys.stdin.read() if "-s" in sys.argv else None
with open(os.environ["CALLS"], "a") as calls:
    calls.write(json.dumps([*sys.argv, stdin]) + "\\n")
"""


@pytest.fixture
def calls(tmp_path: Path, language: str) -> list[list[str]]:
    """Run the commands of the protocol's page, with stand-ins for other programs."""
    bin_, log = tmp_path / "bin", tmp_path / "calls"
    bin_.mkdir()
    for name in ("curl", "mosquitto_pub", "mosquitto_sub"):
        (bin_ / name).write_text(STAND_IN)
        (bin_ / name).chmod(0o755)
    (tmp_path / "picture.jpg").write_bytes(JPEG)
    for block in blocks(PROTOCOLS[language], "sh"):
        if not block.text.startswith("script/"):
            subprocess.run(
                ["bash", "-euo", "pipefail", "-c", block.text],
                cwd=tmp_path,
                env={"PATH": f"{bin_}:{os.environ['PATH']}", "CALLS": str(log)},
                check=True,
            )
    found = [json.loads(line) for line in log.read_text().splitlines()]
    return [[Path(name).name, *arguments] for name, *arguments in found]


def published(calls: list[list[str]]) -> list[tuple[str, str]]:
    """Return what is published by commands: topics and messages."""
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    for option in ("-h", "-t", "-m"):
        parser.add_argument(option)
    for option in ("-p", "-q"):
        parser.add_argument(option, type=int)
    parser.add_argument("-s", action="store_true")
    found = []
    for name, *arguments, stdin in calls:
        if name == "mosquitto_pub":
            given = parser.parse_args(arguments)
            assert given.h == "127.0.0.1"
            found.append((given.t, stdin if given.s else given.m))
    return found


async def test_play_a_camera(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, calls: list[list[str]]
) -> None:
    """Who plays a camera as the page says is discovered, and gets a picture stored."""
    up = TOPICS["up"].format(sn=PLAYED)
    heartbeat, picture = (text for topic, text in published(calls) if topic == up)
    broker.send(heartbeat, up)
    await broker.settle()
    flows = hass.config_entries.flow.async_progress()
    assert [flow["context"]["unique_id"] for flow in flows] == [PLAYED]

    played = MockConfigEntry(
        domain="snapcam", unique_id=PLAYED, data={"sn": PLAYED, **TOPICS}
    )
    played.add_to_hass(hass)
    assert await hass.config_entries.async_setup(played.entry_id)
    broker.send(picture, up)
    await broker.settle()
    (answer,) = broker.messages("upload_snapshot_rsp")
    assert answer["ret"] == 0
    folder = Path(hass.config.media_dirs["local"], "snapcam", PLAYED)
    assert [path.read_bytes() for path in folder.glob("*/*")] == [JPEG]


async def test_play_home_assistant(calls: list[list[str]]) -> None:
    """Who asks the simulated camera as the page says gets what was asked for."""
    camera, answers = SimulatedCamera(sn=BESIDE), []

    async def publish(payload: bytes, /, *, retain: bool) -> None:
        answers.append(json.loads(payload))

    camera.publish = publish
    camera.strict_clock = True
    down = TOPICS["down"].format(sn=BESIDE)
    asked = [text for topic, text in published(calls) if topic == down]
    for text in asked:
        await camera.handle(text.encode())

    assert [answer["ret"] for answer in answers] == [0, 0, 0]
    assert answers[1]["cmd_data"]["data"]
    assert (camera.io0, camera.io1) == (1, 0)


async def test_listen(calls: list[list[str]]) -> None:
    """Who listens as the page says hears all cameras."""
    (listening,) = (x for x in calls if x[0] == "mosquitto_sub")
    assert listening[listening.index("-t") + 1] == "snapcam/#"


async def test_post_a_picture(
    hass: HomeAssistant,
    broker: Broker,
    http: TestClient,
    entry: MockConfigEntry,
    calls: list[list[str]],
    tmp_path: Path,
) -> None:
    """A picture arrives in each of the three ways to post one."""
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    for option in ("--json", "--form", "--header", "--data-binary"):
        parser.add_argument(option)
    parser.add_argument("address")
    posted = 0
    for name, *arguments, _ in calls:
        if name != "curl":
            continue
        given = parser.parse_args(arguments)
        path = URL(given.address).path.replace("SECRET", entry.data["token"])
        file = (given.json or given.form or given.data_binary).partition("@")[2]
        body: Any = (tmp_path / file).read_bytes()
        headers = {"Content-Type": "application/json"}
        if given.form:
            part = given.form.partition("=")[0]
            (body := FormData()).add_field(part, tmp_path.joinpath(file).open("rb"))
            headers = {}
        elif given.header:
            headers = dict([given.header.split(": ")])
        response = await http.post(path, data=body, headers=headers)
        assert response.status == HTTPStatus.OK
        assert (await response.json())["ret"] == 0
        posted += 1
    assert posted == 3
    assert state(hass, "image.gate_snapshot") != "unknown"
