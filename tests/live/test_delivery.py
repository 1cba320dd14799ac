"""How a camera delivers is chosen in Home Assistant, and proved by a picture."""

import pytest

from tests.live.conftest import STEP, Attempt, Installed, choose_delivery
from tests.live.home import Home
from tests.live.pictures import digest, on_disk
from tests.live.process import ServerError
from tests.simulator.http import post

pytestmark = STEP

OFFLINE_SECONDS = 45.0
"""The silence after which a camera with a heartbeat every 15 s counts as offline."""


async def test_camera_posts_its_pictures_and_publishes_them_again(
    home: Home, gate: Installed
) -> None:
    """Both ways end in the same place, and what is shown is what the camera does."""
    camera = gate.camera
    await choose_delivery(home, gate, "http_home_assistant")
    assert camera.config.upload_type == 0
    assert camera.config.upload_addr.startswith(f"{home.api.url}/api/snapcam/upload/")
    await home.api.until_state(gate.entities["select.delivery"], "http_home_assistant")
    await assert_arrives(home, gate)

    await choose_delivery(home, gate, "mqtt")
    assert camera.config.upload_type == 1
    await home.api.until_state(gate.entities["select.delivery"], "mqtt")
    await assert_arrives(home, gate)


async def test_camera_that_reaches_nobody_keeps_its_settings(
    home: Home, unreachable: Attempt
) -> None:
    """People are told what to check, and not a single picture is lost by trying."""
    with pytest.raises(ServerError) as raised:
        await unreachable.choosing
    told = str(raised.value)
    assert "'translation_key': 'not_delivered'" in told
    assert f"Guest house did not deliver a picture to {home.api.url}" in told
    assert "/api/snapcam/upload/" not in told
    assert unreachable.installed.camera.config == unreachable.former
    delivery = unreachable.installed.entities["select.delivery"]
    await home.api.until_state(delivery, "mqtt")
    await assert_arrives(home, unreachable.installed)


async def test_posted_heartbeat_brings_a_camera_back(
    home: Home, brokerless: Installed
) -> None:
    """A camera is there if it is heard, whichever way."""
    camera = brokerless.camera
    connectivity = brokerless.entities["binary_sensor.connectivity"]
    await home.api.until_state(connectivity, "off", seconds=OFFLINE_SECONDS + 5)

    async def publish(payload: bytes, /, *, retain: bool) -> None:
        """Post what is meant for the broker, and take the answer."""
        address = camera.config.upload_addr
        reply = await post(address, payload, content_type="application/json")
        await camera.handle(reply)

    camera.publish = publish
    answer = await camera.wait_answer(await camera.send_heartbeat())
    assert (answer["operate"], answer["ret"]) == ("heartbeat_rsp", 0)
    await home.api.until_state(connectivity, "on")


async def assert_arrives(home: Home, installed: Installed) -> None:
    """Assert that the next picture is shown and stored as it was sent."""
    camera = installed.camera
    answer = await camera.wait_answer(await camera.send_snapshot())
    assert answer["ret"] == 0
    assert camera.last_picture is not None
    path = f"/api/camera_proxy/{installed.entities['camera.snapshot']}"
    shown, content_type = await home.api.download(path)
    assert (shown == camera.last_picture, content_type) == (True, "image/jpeg")
    stored = on_disk(home.pictures(camera.sn))
    assert stored[max(stored)] == digest(camera.last_picture)
