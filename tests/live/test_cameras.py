"""What a camera that is set up does, over the network and byte by byte."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.live.conftest import STEP, Installed
from tests.live.home import Home
from tests.simulator import pad_picture

pytestmark = STEP


@pytest.mark.parametrize("size", [100_000, 1_400_000])
async def test_uploaded_picture_is_served_byte_for_byte(
    home: Home, gate: Installed, size: int
) -> None:
    """Both proxies give out what the camera sent, once it has its answer."""
    before = datetime.now(UTC)
    picture = pad_picture(gate.camera.take_picture(), size)
    answer = await gate.camera.wait_answer(await gate.camera.send_snapshot(picture))
    assert answer["ret"] == 0
    await assert_shown(home, gate, picture)
    shown = await home.api.state(gate.entities["image.snapshot"])
    assert before <= datetime.fromisoformat(shown["state"]) <= datetime.now(UTC)


async def test_button_takes_a_new_picture(home: Home, gate: Installed) -> None:
    """Once the button is pressed, the camera's new picture is the one shown."""
    before = await home.api.state(gate.entities["image.snapshot"])
    await home.api.act("button.press", gate.entities["button.take_snapshot"])
    assert gate.camera.received[-1]["cmd_data"] == {"type": "take_snapshot"}
    await assert_shown(home, gate, gate.camera.last_picture)
    after = await home.api.state(gate.entities["image.snapshot"])
    assert after["state"] > before["state"]


async def test_switches_reach_the_camera_and_come_back(
    home: Home, gate: Installed
) -> None:
    """Each line follows its own switch, and the state is what was acknowledged."""
    io0, io1 = gate.entities["switch.io0"], gate.entities["switch.io1"]
    await home.api.act("switch.turn_on", io1)
    assert (gate.camera.io0, gate.camera.io1) == (0, 1)
    await home.api.act("switch.turn_on", io0)
    await home.api.act("switch.turn_off", io1)
    assert (gate.camera.io0, gate.camera.io1) == (1, 0)
    await home.api.until_state(io0, "on")
    await home.api.until_state(io1, "off")


async def test_heartbeat_interval_is_set_and_read_back(
    home: Home, gate: Installed
) -> None:
    """The number shows what the camera says after it was told."""
    number = gate.entities["number.hb_interval"]
    await home.api.act("number.set_value", number, value=90)
    assert gate.camera.config.hb_interval == 90
    assert gate.camera.received[-1]["operate"] == "get_dev_config"
    await home.api.until_state(number, "90")


async def test_boot_time_is_told_from_the_run_time(home: Home, gate: Installed) -> None:
    """The camera tells how long it runs; people want to know since when."""
    state = await home.api.state(gate.entities["sensor.last_boot"])
    booted_at = datetime.fromtimestamp(gate.camera.booted_at, UTC)
    assert abs(datetime.fromisoformat(state["state"]) - booted_at) < timedelta(
        seconds=3
    )


async def assert_shown(home: Home, gate: Installed, picture: bytes | None) -> None:
    """Assert that Home Assistant gives out exactly this picture."""
    for proxy, key in (
        ("camera_proxy", "camera.snapshot"),
        ("image_proxy", "image.snapshot"),
    ):
        content, content_type = await home.api.download(
            f"/api/{proxy}/{gate.entities[key]}"
        )
        assert (content == picture, content_type) == (True, "image/jpeg")
