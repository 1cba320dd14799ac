"""What a camera posts to its address at Home Assistant, in all the ways firmware does."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from http import HTTPStatus
import json
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse, ClientTimeout, FormData, MultipartWriter
from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..broker import Broker
from ..common import JPEG, PNG, heartbeat, state, upload
from ..const import CAMERA, CONNECTIVITY, EVENT, IMAGE, OTHER_SN, SN
from ..simulator import HttpBody, SimulatedCamera

MIB = 1024 * 1024


@pytest.fixture
def address(entry: MockConfigEntry) -> str:
    """Return the address of the camera."""
    return f"/api/snapcam/upload/{entry.data['token']}"


async def answer(response: ClientResponse) -> dict[str, Any]:
    """Return the protocol's answer."""
    assert response.status == HTTPStatus.OK
    assert response.content_type == "application/json"
    message: dict[str, Any] = json.loads(await response.read())
    return message


def stored(media: Path) -> list[bytes]:
    """Return the pictures on disk."""
    return [path.read_bytes() for path in sorted(media.glob("snapcam/*/*/*"))]


async def pieces(content: bytes = JPEG, size: int = 5) -> AsyncGenerator[bytes]:
    """Return a body that does not say how long it is."""
    for start in range(0, len(content), size):
        yield content[start : start + size]


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


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("token", ["", "wrong", "x" * 5000, "%00", "..%2f"])
async def test_wrong_token(
    http: TestClient, address: str, media: Path, token: str, method: str
) -> None:
    """An address that is nobody's is not found; it is no failed log-in."""
    response = await http.request(method, f"/api/snapcam/upload/{token}", json=upload())
    assert response.status in (HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST)
    assert stored(media) == []


async def test_unloaded_camera(
    hass: HomeAssistant, http: TestClient, address: str, entry: MockConfigEntry
) -> None:
    """The address of a camera that is not set up at the moment is nobody's."""
    assert await hass.config_entries.async_unload(entry.entry_id)
    response = await http.post(address, json=upload())

    assert response.status == HTTPStatus.NOT_FOUND
    assert json.loads(await response.read())["ret"] == 3


@pytest.mark.parametrize("remote", ["203.0.113.5", "2001:4860::1", "not an address"])
async def test_from_elsewhere(
    hass: HomeAssistant,
    http: TestClient,
    address: str,
    media: Path,
    remote: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From outside the local network there is no such address."""
    monkeypatch.setattr("aiohttp.web_request.BaseRequest.remote", remote)
    response = await http.post(address, json=upload())

    assert response.status == HTTPStatus.NOT_FOUND
    assert stored(media) == []


@pytest.mark.parametrize(
    ("changes", "ret"),
    [
        ({"sn": OTHER_SN}, 7),
        ({"sn": "../up"}, 1),
        ({"timestamp": 0}, 2),
        ({"timestamp": None}, 1),
        ({"request_id": None}, 1),
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


async def test_broken_compression(http: TestClient, address: str) -> None:
    """A body that is not compressed as it says is a broken one."""
    response = await http.post(
        address, data=b"\x1f\x8bno", headers={"Content-Encoding": "gzip"}
    )
    assert response.status == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize(
    "body",
    [
        lambda: bytes(16 * MIB + 1),
        lambda: pieces(bytes(17 * MIB), MIB),
        lambda: FormData({"a": "a" * 17 * MIB}),
    ],
    ids=["says so", "does not say so", "form"],
)
async def test_too_large(
    http: TestClient, address: str, media: Path, body: Callable[[], Any]
) -> None:
    """More than a message can be long is not read to its end."""
    response = await http.post(address, data=body())

    assert response.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert json.loads(await response.read())["ret"] == 5


async def test_picture_too_large(http: TestClient, address: str) -> None:
    """A picture that is too large by itself gets the protocol's answer."""
    picture = JPEG[:4] + bytes(8 * MIB) + JPEG[-2:]
    assert (await answer(await http.post(address, data=picture)))["ret"] == 5


async def test_slow_sender(
    freezer: FrozenDateTimeFactory, hass: HomeAssistant, http: TestClient, address: str
) -> None:
    """A body that does not come is waited for half a minute, not for ever."""
    started = asyncio.Event()

    async def body() -> AsyncGenerator[bytes]:
        yield JPEG[:5]
        started.set()
        await asyncio.Event().wait()

    posting = asyncio.create_task(
        http.post(address, data=body(), timeout=ClientTimeout())
    )
    await started.wait()
    while not posting.done():
        freezer.tick(1)
        await asyncio.sleep(0)

    response = await posting
    assert response.status == HTTPStatus.REQUEST_TIMEOUT


async def test_many_at_once(http: TestClient, address: str, media: Path) -> None:
    """A camera sends one after the other; who opens many at once fills no memory."""
    started = [asyncio.Event() for _ in range(4)]
    end = asyncio.Event()

    async def body(begun: asyncio.Event) -> AsyncGenerator[bytes]:
        yield JPEG[:5]
        begun.set()
        await end.wait()
        yield JPEG[5:]

    posts = [asyncio.create_task(http.post(address, data=body(x))) for x in started]
    await asyncio.gather(*(begun.wait() for begun in started))
    refused = await http.post(address, json=upload())
    assert refused.status == HTTPStatus.TOO_MANY_REQUESTS
    assert json.loads(await refused.read())["ret"] == 6

    end.set()
    assert [(await answer(await post))["ret"] for post in posts] == [0] * 4
    assert (await answer(await http.post(address, json=upload())))["ret"] == 0


async def raw(http: TestClient, request: bytes, body: bytes) -> bytes:
    """Send a request as it is, and return all that comes back."""
    reader, writer = await asyncio.open_connection(http.host, http.port)
    writer.write(request.replace(b"\n", b"\r\n") + body)
    content = await reader.read()
    writer.close()
    return content


async def test_http_1_0(http: TestClient, address: str, media: Path) -> None:
    """Old firmware speaks HTTP/1.0."""
    head = f"POST {address} HTTP/1.0\nContent-Length: {len(JPEG)}\n\n"
    content = await raw(http, head.encode(), JPEG)

    assert content.startswith(b"HTTP/1.0 200")
    assert b'"ret":0' in content
    assert stored(media) == [JPEG]


async def test_without_a_length(http: TestClient, address: str, media: Path) -> None:
    """What neither has a length nor comes in chunks is no request by HTTP's rules."""
    content = await raw(http, f"POST {address} HTTP/1.0\n\n".encode(), JPEG)

    assert content.startswith(b"HTTP/1.0 400")
    assert stored(media) == []


async def test_hangs_up(
    hass: HomeAssistant, http: TestClient, address: str, media: Path
) -> None:
    """A sender that is gone before the end leaves nothing behind, nor an error."""
    _, writer = await asyncio.open_connection(http.host, http.port)
    head = f"POST {address} HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n"
    writer.write(head.encode() + JPEG)
    await writer.drain()
    writer.close()
    await writer.wait_closed()

    assert stored(media) == []
    assert (await answer(await http.post(address, data=JPEG)))["ret"] == 0


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


async def test_new_address(
    hass: HomeAssistant, http: TestClient, address: str, entry: MockConfigEntry
) -> None:
    """Who asks for a new address gets one, and the old one is nobody's any more."""
    flow = await entry.start_reconfigure_flow(hass)
    await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"sn": SN, "new_token": True}
    )
    await hass.async_block_till_done()

    assert (await http.post(address, json=upload())).status == HTTPStatus.NOT_FOUND
    new = f"/api/snapcam/upload/{entry.data['token']}"
    assert (await answer(await http.post(new, json=upload())))["ret"] == 0
    assert state(hass, CAMERA) == "idle"
