"""Pictures that a camera sends by itself."""

from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from ..broker import Broker
from ..common import JPEG, PNG, pass_time, state, upload
from ..const import CAMERA, IMAGE, UP
from ..files import jpeg
from ..simulator import Encoding, SimulatedCamera
from .common import shown


@pytest.mark.parametrize("encoding", [None, *Encoding])
async def test_upload(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    broker: Broker,
    online: SimulatedCamera,
    encoding: Encoding | None,
) -> None:
    """A picture is shown byte for byte, however the camera writes its base64."""
    online.faults.encoding = encoding
    await online.send_snapshot()
    await broker.settle()

    assert online.answers[-1]["operate"] == "upload_snapshot_rsp"
    assert online.answers[-1]["ret"] == 0
    for entity_id in (CAMERA, IMAGE):
        content = await shown(hass, hass_client, entity_id)
        assert content == ("image/jpeg", online.last_picture)
    assert state(hass, IMAGE) == dt_util.utcnow().isoformat()


@pytest.mark.parametrize(
    ("changes", "ret"),
    [
        pytest.param({"data": None}, 1, id="no data"),
        pytest.param({"data": ["a"]}, 1, id="data is a list"),
        pytest.param({"data": ""}, 4, id="empty"),
        pytest.param({"data": "*" * 100}, 4, id="not base64"),
        pytest.param({"data": "图片"}, 4, id="not ASCII"),
        pytest.param({"data": "PGh0bWw+"}, 4, id="a web page"),
        pytest.param({"data": "/9j/4AAQSkZJRg=="}, 4, id="truncated"),
        pytest.param({"data": "A" * 11_900_000}, 5, id="too large"),
        pytest.param({"timestamp": 0}, 2, id="wrong clock"),
        pytest.param({"timestamp": None}, 1, id="no timestamp"),
    ],
)
async def test_bad_upload(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    broker: Broker,
    online: SimulatedCamera,
    changes: dict[str, Any],
    ret: int,
) -> None:
    """A bad picture is refused with its reason, and the last good one stays."""
    broker.send(upload(), UP)
    await broker.settle()
    taken_at = state(hass, IMAGE)
    broker.send(upload() | changes, UP)
    await broker.settle()

    answers = broker.messages("upload_snapshot_rsp")
    assert [answer["ret"] for answer in answers] == [0, ret]
    assert state(hass, IMAGE) == taken_at
    assert await shown(hass, hass_client) == ("image/jpeg", JPEG)


async def test_type_follows_the_picture(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A camera may change from JPEG to PNG."""
    for picture in (JPEG, PNG):
        broker.send(upload(picture), UP)
        await broker.settle()

    assert await shown(hass, hass_client, CAMERA) == ("image/png", PNG)
    assert await shown(hass, hass_client, IMAGE) == ("image/png", PNG)


async def test_duplicates(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """The same upload again is answered again but is no new picture, for ten minutes.

    The vendor's sample numbers every message alike: another picture, or another
    second, under the same number is a new picture.
    """
    first = upload()
    taken: list[str] = []
    for message in (first, first, upload(PNG), first):
        broker.send(message, UP)
        await broker.settle()
        taken.append(state(hass, IMAGE))
        freezer.tick(1)
    broker.send(upload(), UP)
    await broker.settle()
    taken.append(state(hass, IMAGE))

    answers = broker.messages("upload_snapshot_rsp")
    assert [answer["ret"] for answer in answers] == [0] * 5
    assert [taken[0] == taken[1], taken[1] == taken[2]] == [True, False]
    assert [taken[2] == taken[3], taken[3] == taken[4]] == [True, False]


async def test_duplicates_are_forgotten(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """After ten minutes the same message is a new picture."""
    hass.config_entries.async_update_entry(entry, options={"accept_wrong_clock": True})
    assert await hass.config_entries.async_reload(entry.entry_id)
    message = upload()
    taken = []
    for seconds in (599, 2, 0):
        broker.send(message, UP)
        await broker.settle()
        taken.append(state(hass, IMAGE))
        await pass_time(hass, broker, freezer, seconds)

    assert taken[0] == taken[1] != taken[2]


async def test_order(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    media: Path,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """Pictures that come together are taken, and stored, in the order they came."""
    pictures = [JPEG.replace(b"a picture", b"%d" % number) for number in range(50)]
    for picture in pictures:
        broker.send(upload(picture), UP)
    await broker.settle()

    answers = broker.messages("upload_snapshot_rsp")
    assert [answer["ret"] for answer in answers] == [0] * 50
    assert await shown(hass, hass_client) == ("image/jpeg", pictures[-1])
    stored = sorted(media.rglob("*.jpg"))
    assert [file.read_bytes() for file in stored] == pictures


async def test_large_picture(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """The largest picture is taken, a byte more is not."""
    largest = jpeg(bytes(8 * 1024 * 1024 - len(jpeg(b""))))
    for picture in (largest, largest + b"0"):
        broker.send(upload(picture), UP)
        await broker.settle()

    answers = broker.messages("upload_snapshot_rsp")
    assert [answer["ret"] for answer in answers] == [0, 5]
    assert await shown(hass, hass_client) == ("image/jpeg", largest)


async def test_many_duplicates(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera
) -> None:
    """A camera that has sent a backlog of pictures may send it once more."""
    messages = [upload(request_id=f"{number}") for number in range(300)]
    for message in messages:
        broker.send(message, UP)
    await broker.settle()
    taken_at = state(hass, IMAGE)
    for message in messages[:150]:
        broker.send(message, UP)
    await broker.settle()
    assert state(hass, IMAGE) == taken_at
