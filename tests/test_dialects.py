"""Cameras whose firmware writes its messages in its own way, and the vendor's default."""

from base64 import b64encode, encodebytes
from collections.abc import Callable
import json
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest

from .broker import Broker
from .common import JPEG, call, heartbeat, pass_time, state, upload
from .const import BUTTON, CONNECTIVITY, EVENT, IMAGE, LAST_BOOT, SN, UP
from .pictures.common import stored
from .simulator import Dialect, SimulatedCamera


def answers(broker: Broker, operate: str) -> list[tuple[Any, int]]:
    """Return what the camera was answered: the request ids, and how."""
    return [(x["request_id"], x["ret"]) for x in broker.messages(operate)]


@pytest.mark.parametrize(
    ("request_id", "echoed"),
    [(1.23e15, 1.23e15), (None, ""), (True, True), (7, 7), ("\ud800", "\ufffd")],
)
async def test_request_id(
    hass: HomeAssistant,
    broker: Broker,
    camera: SimulatedCamera,
    entry: Any,
    request_id: object,
    echoed: object,
) -> None:
    """Any scalar comes back as it was, and the camera is there."""
    broker.send(json.dumps(heartbeat(request_id=request_id)), UP)
    await broker.settle()

    assert answers(broker, "heartbeat_rsp") == [(echoed, 0)]
    assert state(hass, CONNECTIVITY) == "on"


@pytest.mark.parametrize("factor", [10**3, 10**6, 10**9])
async def test_units_of_time(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera, factor: int
) -> None:
    """A time is right in any unit."""
    now = int(dt_util.utcnow().timestamp())
    broker.send(heartbeat(timestamp=now * factor), UP)
    await broker.settle()

    assert answers(broker, "heartbeat_rsp") == [("xxxxxx", 0)]


async def test_lines_within_a_picture(
    media: Path, broker: Broker, online: SimulatedCamera
) -> None:
    """A picture is stored although nobody has escaped the line breaks of its base64."""
    picture = JPEG + bytes(200)
    message = json.dumps(upload(data="DATA"))
    broker.send(message.replace("DATA", encodebytes(picture).decode()), UP)
    await broker.settle()

    assert answers(broker, "upload_snapshot_rsp") == [("xxxxxx", 0)]
    assert stored(media) == [picture]


async def test_picture_that_is_an_object(
    media: Path, broker: Broker, online: SimulatedCamera
) -> None:
    """What is no text is malformed, and that is all."""
    broker.send(upload(data={"jpeg": "/9j/"}), UP)
    await broker.settle()

    assert answers(broker, "upload_snapshot_rsp") == [("xxxxxx", 1)]
    assert stored(media) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"cmd_data": {"type": "take_snapshot"}, "data": b64encode(JPEG).decode()},
        {
            "cmd_data": json.dumps(
                {"type": "take_snapshot", "data": b64encode(JPEG).decode()}
            )
        },
    ],
    ids=["beside cmd_data", "cmd_data as a text"],
)
async def test_picture_in_another_place(
    hass: HomeAssistant,
    media: Path,
    broker: Broker,
    online: SimulatedCamera,
    fields: dict[str, Any],
) -> None:
    """The picture of an answer is taken from where it is."""
    online.faults.silent = True
    pressed = hass.async_create_task(call(hass, "button.press", BUTTON))
    await broker.settle()
    (request,) = broker.messages("control_cmd")
    answer = {"operate": "control_cmd_rsp", "sn": SN, "ret": 0, "msg": "成功"}
    message = json.dumps(
        answer | {"request_id": request["request_id"]} | fields, ensure_ascii=False
    )
    broker.send(message.encode("gb18030"), UP)
    await pressed

    assert stored(media) == [JPEG]
    assert state(hass, IMAGE) != "unknown"


async def test_run_time_in_milliseconds(
    hass: HomeAssistant, broker: Broker, camera: SimulatedCamera, entry: Any
) -> None:
    """No camera has been on since 1995."""
    camera.faults.silent = True
    await camera.send_heartbeat()
    await broker.settle()
    (request,) = broker.messages("get_dev_config")
    broker.send(
        {
            "operate": "get_dev_config_rsp",
            "request_id": request["request_id"],
            "sn": SN,
            "ret": 0,
            "run_time": 86400 * 1000 * 30,
        },
        UP,
    )
    await broker.settle()

    booted = dt_util.parse_datetime(state(hass, LAST_BOOT))
    assert booted is not None
    assert (dt_util.utcnow() - booted).days == 30


async def press(
    hass: HomeAssistant, broker: Broker, freezer: FrozenDateTimeFactory, *between: bytes
) -> str | None:
    """Take a snapshot that fails, and return why; some messages come meanwhile."""
    pressed = hass.async_create_task(call(hass, "button.press", BUTTON))
    await broker.settle()
    for message in between:
        broker.send(message, UP)
    await pass_time(hass, broker, freezer, 21)
    with pytest.raises(HomeAssistantError) as raised:
        await pressed
    event = hass.states.get(EVENT)
    assert event is not None
    assert event.attributes["reason"] == raised.value.translation_key
    return str(raised.value)


async def test_the_vendors_default(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    camera: SimulatedCamera,
    entry: Any,
    issues: Callable[[], set[str]],
) -> None:
    """A camera that delivers to somebody else has answered, and people are told."""
    camera.config.upload_type = 0
    camera.config.upload_addr = "http://user:secret@bd.com/api?token=secret"
    await camera.send_heartbeat()
    await broker.settle()
    for _ in range(4):
        text = await press(hass, broker, freezer)
        assert text is not None
        assert text.startswith("Gate accepted the command, but no picture came")
        assert "It delivers its pictures to http://bd.com." in text
        await camera.send_heartbeat()
        await broker.settle()
    assert issues() == set()


async def test_command_during_which_something_unreadable_came(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """That is said, instead of that nothing came."""
    online.faults.silent = True
    text = await press(hass, broker, freezer, b'{"operate": nonsense')
    assert text is not None
    assert "cannot be read (not JSON at byte 12)" in text
    text = await press(hass, broker, freezer)
    assert text is not None
    assert "did not answer in time" in text


async def test_unreadable_messages(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: Any,
    issues: Callable[[], set[str]],
) -> None:
    """Whose topic it is is told what is wrong, until that has ended."""
    issue_id = f"unreadable_{entry.entry_id}"
    broker.send({"operate": "report_battery", "sn": SN}, UP)
    assert issues() == set()
    broker.send(b'{"operate": nonsense', UP)
    assert issues() == {issue_id}
    issue = ir.async_get(hass).async_get_issue("snapcam", issue_id)
    assert issue is not None
    assert issue.translation_placeholders == {
        "name": "Gate",
        "reason": "not JSON at byte 12",
    }
    assert entry.runtime_data.journal.as_dict()["unreadable"] == {
        "unknown operate": 1,
        "not JSON": 1,
    }

    await online.send_heartbeat()
    await broker.settle()
    assert issues() == {issue_id}
    freezer.tick(301)
    await online.send_heartbeat()
    await broker.settle()
    assert issues() == set()


@pytest.mark.parametrize("time", [None, "soon"])
async def test_no_time(
    hass: HomeAssistant,
    broker: Broker,
    camera: SimulatedCamera,
    entry: Any,
    issues: Callable[[], set[str]],
    time: object,
) -> None:
    """A camera without a clock is told of, and served where a wrong clock is."""
    broker.send(heartbeat(timestamp=time), UP)
    await broker.settle()
    assert answers(broker, "heartbeat_rsp") == [("xxxxxx", 1)]
    assert issues() == {f"no_time_{entry.entry_id}"}

    hass.config_entries.async_update_entry(entry, options={"accept_wrong_clock": True})
    assert await hass.config_entries.async_reload(entry.entry_id)
    broker.send(heartbeat(timestamp=time), UP)
    await broker.settle()
    assert answers(broker, "heartbeat_rsp")[1:] == [("xxxxxx", 0)]
    assert state(hass, CONNECTIVITY) == "on"
    assert issues() == set()


@pytest.mark.parametrize(
    "dialect", sorted(set(Dialect) - {Dialect.NO_TIME, Dialect.NOT_JSON})
)
async def test_simulated_dialect(
    hass: HomeAssistant,
    media: Path,
    broker: Broker,
    camera: SimulatedCamera,
    entry: Any,
    issues: Callable[[], set[str]],
    dialect: Dialect,
) -> None:
    """A camera that speaks a dialect does all that another one does."""
    camera.faults.dialect = dialect
    await camera.send_heartbeat()
    await broker.settle()
    await camera.send_snapshot()
    await broker.settle()
    first = camera.last_picture
    await call(hass, "button.press", BUTTON)

    assert [answer["ret"] for answer in broker.messages("heartbeat_rsp")] == [0]
    assert stored(media) == [first, camera.last_picture]
    assert state(hass, CONNECTIVITY) == "on"
    assert issues() == set()
