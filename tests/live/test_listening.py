"""Cameras whose topics nobody knows are heard, asked, and added."""

import asyncio
from functools import partial

from tests.live import flows
from tests.live.api import Api, Json
from tests.live.cameras import Cameras
from tests.live.conftest import STEP
from tests.live.home import Home
from tests.live.process import until
from tests.simulator import SimulatedCamera

pytestmark = STEP

SCHEMES = {
    "200000000081": ("device/{sn}/report", "device/{sn}/command"),
    "200000000082": ("/ipc/{sn}/pub", "/ipc/{sn}/sub"),
    "200000000083": ("cams/tx", "cams/rx"),
    "200000000084": ("{sn}", "{sn}/cmd"),
    "200000000085": ("CAM-{sn}/UP", "CAM-{sn}/DOWN"),
}
LOST = "200000000086"


async def test_five_schemes_and_one_that_listens_nowhere(
    home: Home, cameras: Cameras
) -> None:
    """All that are ticked are found, but the one that does not answer where it is asked.

    One scheme has a topic that all cameras share, and one the number within a level.
    """
    switched_on = [
        await cameras.start(sn, up=up, down=down) for sn, (up, down) in SCHEMES.items()
    ]
    lost = await cameras.start(LOST, up="site/{sn}/up", down="elsewhere/{sn}")
    heard = await listen(home.api, *switched_on, lost)
    asked, end = await ask_all(home.api, heard)

    assert asked == {*SCHEMES, LOST}
    assert (end["type"], end["reason"]) == ("abort", "cameras_added")
    assert end["description_placeholders"] == {"added": "5"}
    assert lost.received == []
    for camera in switched_on:
        entities = await home.api.entities(camera.sn)
        await until(
            partial(has_picture, home.api, entities["image.snapshot"]),
            f"{camera.sn} takes no picture",
        )
        await cameras.stop(camera.sn)
    await cameras.stop(LOST)


async def listen(api: Api, *talking: SimulatedCamera) -> Json:
    """Listen to all topics while cameras speak, and return what is shown then."""
    form = await flows.choose(api, await flows.start(api), "listen")
    listening = asyncio.create_task(flows.submit(api, form, filter="#"))

    async def speak() -> bool:
        for camera in talking:
            await camera.send_heartbeat()
        await asyncio.wait([listening], timeout=2)
        return listening.done()

    await until(speak, "nobody is heard", seconds=30)
    return await listening


async def ask_all(api: Api, heard: Json) -> tuple[set[str], Json]:
    """Tick all of our cameras, agree to what is asked; return who is, and the end."""
    assert (heard["type"], heard["step_id"]) == ("form", "heard")
    options = heard["data_schema"][0]["selector"]["select"]["options"]
    ours = [x["value"] for x in options if x["value"].startswith("20000000008")]
    step, asked = await flows.submit(api, heard, sn=ours), set()
    while step["type"] == "form":
        asked.add(sn := step["description_placeholders"]["sn"])
        downs = [
            x["value"] for x in step["data_schema"][0]["selector"]["select"]["options"]
        ]
        # Two seconds each: the one that listens nowhere need not be asked everywhere.
        step = await flows.submit(api, step, down=downs[: 2 if sn == LOST else None])
    return asked, step


async def has_picture(api: Api, entity_id: str) -> bool:
    """Return whether a camera shows a picture."""
    return (await api.state(entity_id))["state"] not in {"unknown", "unavailable"}
