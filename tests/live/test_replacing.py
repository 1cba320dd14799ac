"""A camera is exchanged in a real Home Assistant, and nobody has to change anything."""

from time import monotonic
from typing import Any

from tests.live import flows
from tests.live.api import DOMAIN, Api, Json
from tests.live.automations import automation, next_event
from tests.live.cameras import Cameras, until_heard
from tests.live.conftest import STEP, install
from tests.live.home import Home
from tests.live.log import errors
from tests.live.pictures import children, upload
from tests.live.process import until
from tests.simulator import SimulatedCamera

pytestmark = STEP

FORMER, NEW = "200000000091", "200000000092"

OF_A_CAMERA = {
    "connections",
    "identifiers",
    "configuration_url",
    "modified_at",
    "serial_number",
    "sw_version",
    "unique_id",
}
"""What is to change in the registries."""


async def registered(api: Api, entry_id: str) -> list[Json]:
    """Return what the registries have of a camera."""
    listed = [
        item
        for registry in ("device", "entity")
        for item in await api.command(f"config/{registry}_registry/list")
    ]
    return sorted(
        (
            {key: value for key, value in item.items() if key not in OF_A_CAMERA}
            for item in listed
            if entry_id
            in (item.get("config_entry_id"), item.get("primary_config_entry"))
        ),
        key=lambda item: str(item["id"]),
    )


async def replace(api: Api, entry_id: str, sn: str) -> float:
    """Have a camera take the place of another one; return how long the switch took."""
    start = {"handler": DOMAIN, "entry_id": entry_id}
    menu: Json = await api.request("POST", flows.FLOWS, start)
    form = await flows.choose(api, menu, "replace")
    confirm = await flows.submit(api, form, sn=sn, topics={})
    assert confirm["step_id"] == "replace_confirm"
    began = monotonic()
    end = await flows.submit(api, confirm)
    assert end["reason"] == "replaced"
    return monotonic() - began


async def test_exchange(home: Home, cameras: Cameras) -> None:
    """All that people have made goes on with the new camera, also after a restart."""
    api = home.api
    former = await install(home, cameras, FORMER, "Stable")
    entities = former.entities
    await api.call("number.set_value", entities["number.hb_interval"], value=45)
    assert await upload(former.camera) == 0
    entry_id = await api.entry_id(FORMER)
    # The device itself is named after the entry when that is set up again.
    await api.request("POST", f"/api/config/config_entries/entry/{entry_id}/reload")
    before = await registered(api, entry_id)
    old = await children(api, f"media-source://{DOMAIN}/{FORMER}/latest")
    await cameras.stop(FORMER)
    camera = await cameras.start(NEW)

    seen: dict[str, Any] = {"trigger": "state", "entity_id": entities["event.snapshot"]}
    tell = {
        "event": "live_replaced",
        "event_data": {"picture": "{{ trigger.to_state.attributes.media_content_id }}"},
    }
    async with (
        automation(api, "live_replaced", triggers=[seen], actions=[tell]),
        api.subscribed("subscribe_events", event_type="live_replaced") as events,
    ):
        seconds = await replace(api, entry_id, NEW)
        await until_heard(camera)
        await upload_when_told(camera)
        # It was triggered while the entities were away, too.
        while f"/{NEW}/" not in (await next_event(events))["data"]["picture"]:
            pass

    assert seconds < 2
    assert before == await registered(api, entry_id)
    assert await api.entities(NEW) == entities
    await home.stop()
    await home.start()
    await home.until_running()
    assert before == await registered(api, entry_id)
    node = f"media-source://{DOMAIN}/{NEW}/latest"
    (new, *rest) = await children(api, node)
    assert f"/{NEW}/" in new
    assert rest == old
    assert f"media-source://{DOMAIN}/{FORMER}" not in await children(
        api, f"media-source://{DOMAIN}"
    )
    assert errors(home) == []


async def upload_when_told(camera: SimulatedCamera) -> None:
    """Upload a picture once the camera has the settings of the former one."""

    async def told() -> bool:
        return camera.config.hb_interval == 45

    await until(told, "the new camera has not been told its settings")
    assert await upload(camera) == 0
