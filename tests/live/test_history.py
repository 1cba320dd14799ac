"""Many pictures in a short time: each of them is kept, as it was sent."""

import pytest

from tests.live.cameras import Cameras
from tests.live.conftest import STEP, choose_delivery, install
from tests.live.home import Home
from tests.live.pictures import Stream, listed, on_disk

pytestmark = STEP

PICTURES = 500


@pytest.mark.parametrize(
    ("sn", "delivery"),
    [("200000000031", "mqtt"), ("200000000032", "http_home_assistant")],
)
async def test_every_picture_of_a_stream_is_kept(
    home: Home, cameras: Cameras, sn: str, delivery: str
) -> None:
    """None is refused, lost, doubled or changed, and the media browser has them all."""
    installed = await install(home, cameras, sn, f"Stream by {delivery}")
    await choose_delivery(home, installed, delivery)
    folder = home.pictures(sn)
    before = on_disk(folder)
    stream = Stream(installed.camera)
    await stream.run(PICTURES)
    assert len(stream.stored) == len(stream.sent) == PICTURES
    after = on_disk(folder)
    kept = [after[name] for name in after.keys() - before.keys()]
    assert (len(kept), set(kept) == stream.sent) == (PICTURES, True)
    assert await listed(home.api, sn) == after.keys()
