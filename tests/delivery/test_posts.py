"""What a camera posts: told apart, read, answered."""

from collections.abc import Callable
import json
from pathlib import Path
from typing import Any

from aiohttp import FormData, MultipartWriter
from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from ..broker import Broker
from ..common import JPEG, PNG, heartbeat, state, upload
from ..const import CONNECTIVITY, EVENT, IMAGE, OTHER_SN, SN
from ..files import jpeg
from ..simulator import HttpBody, SimulatedCamera
from .posts import MIB, answer, pieces, stored


def form(**fields: str) -> FormData:
    """Return a form with a picture in it."""
    data = FormData(fields)
    data.add_field("file", JPEG, filename="a.jpg", content_type="image/jpeg")
    return data


@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_json(
    hass: HomeAssistant, http: TestClient, address: str, media: Path, method: str
) -> None:
    """A picture in the protocol's JSON is stored, shown, and answered in kind."""
    message = upload(request_id="7")
    reply = await answer(await http.request(method, address, json=message))

    assert reply == {
        "operate": "upload_snapshot_rsp",
        "request_id": "7",
        "sn": SN,
        "ret": 0,
        "msg": "",
    }
    assert stored(media) == [JPEG]
    assert state(hass, IMAGE) != "unknown"
    event = hass.states.get(EVENT)
    assert event is not None
    assert event.attributes["event_type"] == "uploaded"
    assert state(hass, CONNECTIVITY) == "on"


async def test_heartbeat(
    hass: HomeAssistant, http: TestClient, address: str, broker: Broker
) -> None:
    """A heartbeat by HTTP is a sign of life, too, and is answered there."""
    reply = await answer(await http.post(address, json=heartbeat(request_id=5)))

    assert (reply["operate"], reply["request_id"]) == ("heartbeat_rsp", 5)
    assert reply["ret"] == 0
    assert state(hass, CONNECTIVITY) == "on"
    assert broker.messages("heartbeat_rsp") == []


@pytest.mark.parametrize(
    "content_type",
    [
        "image/jpeg",
        "application/json",
        "application/x-www-form-urlencoded",
        "text",
        # Python's own parser of headers fails here.
        "image/jpeg; name*",
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        lambda: JPEG,
        lambda: PNG,
        lambda: json.dumps(upload()).encode(),
        pieces,
        lambda: pieces(json.dumps(upload()).encode()),
    ],
    ids=["jpeg", "png", "json", "jpeg in pieces", "json in pieces"],
)
async def test_the_content_tells_what_it_is(
    http: TestClient,
    address: str,
    media: Path,
    body: Callable[[], Any],
    content_type: str,
) -> None:
    """Firmware names its content as it likes, and may not know its length."""
    headers = {"Content-Type": content_type}
    reply = await answer(await http.post(address, data=body(), headers=headers))

    assert reply["ret"] == 0
    assert len(stored(media)) == 1


async def test_form(http: TestClient, address: str, media: Path) -> None:
    """A form has the picture as a file; what it says besides is answered."""
    reply = await answer(await http.post(address, data=form(sn=SN, request_id="9")))

    assert (reply["ret"], reply["request_id"]) == (0, "9")
    assert stored(media) == [JPEG]


async def test_form_with_base64(http: TestClient, address: str, media: Path) -> None:
    """A form may have the picture as the protocol's text."""
    with MultipartWriter("form-data") as writer:
        part = writer.append(upload()["data"])
        part.set_content_disposition("form-data", name="data")
    assert (await answer(await http.post(address, data=writer)))["ret"] == 0
    assert stored(media) == [JPEG]


@pytest.mark.parametrize("body", HttpBody)
async def test_simulated_camera(
    hass: HomeAssistant,
    address: str,
    posting: SimulatedCamera,
    media: Path,
    body: HttpBody,
) -> None:
    """A whole camera is understood whichever body it sends."""
    posting.config.upload_type = 0
    posting.config.upload_addr = f"http://192.168.1.10:8123{address}"
    posting.faults.http_body = body
    request_id = await posting.send_snapshot()

    assert (await posting.wait_answer(request_id))["ret"] == 0
    assert stored(media) == [posting.last_picture]


@pytest.mark.parametrize(
    ("changes", "ret"),
    [
        ({"sn": OTHER_SN}, 7),
        ({"sn": "../up"}, 1),
        ({"timestamp": 0}, 2),
        ({"timestamp": None}, 1),
        ({"data": None}, 1),
        ({"data": "bm8gcGljdHVyZQ=="}, 4),
        ({"data": upload(JPEG[:-2])["data"]}, 4),
        ({"operate": "control_cmd"}, 1),
        ({"operate": "heartbeat_rsp"}, 1),
        ({"operate": "nonsense"}, 1),
    ],
)
async def test_bad_message(
    hass: HomeAssistant,
    http: TestClient,
    address: str,
    media: Path,
    changes: dict[str, Any],
    ret: int,
) -> None:
    """Each fault has its code, by HTTP as by MQTT, and changes nothing."""
    reply = await answer(await http.post(address, json=upload() | changes))

    assert reply["ret"] == ret
    assert reply["msg"]
    assert stored(media) == []
    assert state(hass, IMAGE) == "unknown"


@pytest.mark.parametrize(
    ("body", "content_type", "ret"),
    [
        (b"", "application/json", 1),
        (b"no json", "application/json", 1),
        (b"[]", "application/json", 1),
        (JPEG[:-2], "image/jpeg", 4),
        (b"", "image/jpeg", 4),
        (b"no picture", "image/jpeg", 4),
        (b"no form", "multipart/form-data", 1),
        (b"no form", "multipart/form-data; boundary=b", 1),
        (b"--b--\r\n", "multipart/form-data; boundary=b", 4),
        (b"--b\r\n\r\n", "multipart/form-data; boundary=b", 1),
        (b"--b\r\n\r\ntext\r\n" * 40 + b"--b--", "multipart/form-data; boundary=b", 1),
        (
            b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c--\r\n--b--",
            "multipart/form-data; boundary=b",
            1,
        ),
        (
            b'--b\r\nContent-Disposition: form-data; name="_charset_"\r\n\r\n'
            + b"utf-8" * 9
            + b"\r\n--b--",
            "multipart/form-data; boundary=b",
            1,
        ),
        (b"\x1f\x8b no gzip", "image/jpeg", 4),
    ],
)
async def test_bad_body(
    http: TestClient,
    address: str,
    media: Path,
    body: bytes,
    content_type: str,
    ret: int,
) -> None:
    """What cannot be understood gets an answer that says so."""
    headers = {"Content-Type": content_type}
    reply = await answer(await http.post(address, data=body, headers=headers))

    assert reply["ret"] == ret
    assert stored(media) == []


@pytest.mark.parametrize(
    ("fields", "ret"),
    [
        ({"sn": OTHER_SN}, 7),
        ({"sn": "a b"}, 1),
        ({"timestamp": "0"}, 2),
        ({"timestamp": "now"}, 1),
        ({"operate": "heartbeat"}, 1),
    ],
)
async def test_bad_form(
    http: TestClient, address: str, media: Path, fields: dict[str, str], ret: int
) -> None:
    """What a form says besides the picture counts as in JSON."""
    assert (await answer(await http.post(address, data=form(**fields))))["ret"] == ret
    assert stored(media) == []


async def test_picture_too_large(http: TestClient, address: str) -> None:
    """A picture that is too large by itself gets the protocol's answer."""
    picture = jpeg(bytes(8 * MIB))
    assert (await answer(await http.post(address, data=picture)))["ret"] == 5


async def test_duplicate(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    http: TestClient,
    address: str,
    media: Path,
) -> None:
    """A post that is repeated for want of an answer is one picture."""
    message = upload()
    replies = [await answer(await http.post(address, json=message)) for _ in range(2)]

    assert [reply["ret"] for reply in replies] == [0, 0]
    assert len(stored(media)) == 1


@pytest.mark.parametrize("in_a_form", [False, True])
async def test_the_same_picture_alone_again(
    freezer: FrozenDateTimeFactory,
    http: TestClient,
    address: str,
    media: Path,
    in_a_form: bool,
) -> None:
    """A camera that missed the answer posts again; a picture alone has no number."""
    for _ in range(3):
        headers = {} if in_a_form else {"Content-Type": "image/jpeg"}
        body = form() if in_a_form else JPEG
        reply = await answer(await http.post(address, data=body, headers=headers))
        assert reply["ret"] == 0
        freezer.tick(10)

    assert stored(media) == [JPEG]


async def test_picture_alone_says_nothing_of_the_clock(
    http: TestClient,
    address: str,
    broker: Broker,
    issues: Callable[[], set[str]],
) -> None:
    """It has no time of its own, so a clock that is wrong is still wrong."""
    broker.send(heartbeat(timestamp=0), f"snapcam/{SN}/up")
    await broker.settle()
    before = issues()
    assert len(before) == 1
    await answer(
        await http.post(address, data=JPEG, headers={"Content-Type": "image/jpeg"})
    )

    assert issues() == before
