"""What people are asked to repair: it appears, it can be repaired, it goes by itself."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from .broker import Broker
from .common import call, heartbeat, pass_time, state, upload
from .const import CONNECTIVITY, DOWN, HB_INTERVAL, IO0, OTHER_SN, SN, TOPICS, UP
from .simulator import SimulatedCamera

pytestmark = pytest.mark.usefixtures("freezer")

type Fix = Callable[[str], Awaitable[dict[str, Any]]]


@pytest.fixture
async def fix(hass: HomeAssistant, hass_client: ClientSessionGenerator) -> Fix:
    """Return what repairs an issue as a person does: open it, and submit it."""
    assert await async_setup_component(hass, REPAIRS, {})
    client = await hass_client()

    async def submit(issue_id: str) -> dict[str, Any]:
        url = "/api/repairs/issues/fix"
        reply = await client.post(
            url, json={"handler": "snapcam", "issue_id": issue_id}
        )
        assert reply.status == HTTPStatus.OK
        form: dict[str, Any] = await reply.json()
        assert (form["type"], form["step_id"]) == ("form", "confirm")
        assert form["description_placeholders"]["name"] == "Gate"
        reply = await client.post(f"{url}/{form['flow_id']}", json={})
        await hass.async_block_till_done(wait_background_tasks=True)
        result: dict[str, Any] = await reply.json()
        return result

    return submit


def issues(hass: HomeAssistant) -> dict[str, dict[str, str] | None]:
    """Return the issues of the integration, each with what its text names."""
    return {
        issue.translation_key or "": issue.translation_placeholders
        for issue in ir.async_get(hass).issues.values()
        if issue.domain == "snapcam" and issue.active
    }


@pytest.mark.parametrize(
    ("seconds", "text", "numbers"),
    [
        (901, "minutes_ahead", {"minutes": "15"}),
        (-301, "minutes_behind", {"minutes": "5"}),
        (3720, "minutes_ahead", {"minutes": "62"}),
        (8 * 3600 + 2, "zone_ahead", {"hours": "8"}),
        (-3602, "zone_behind", {"hours": "1"}),
        (3598, "zone_ahead", {"hours": "1"}),
        (19800, "zone_ahead", {"hours": "5½"}),
        (10_000, "hours_ahead", {"hours": "3"}),
        (-3 * 86400, "hours_behind", {"hours": "72"}),
        (-(10**9), "past", {}),
        (10**10, "future", {}),
    ],
)
async def test_wrong_clock(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    entry: MockConfigEntry,
    seconds: int,
    text: str,
    numbers: dict[str, str],
) -> None:
    """A message that is refused for its time is explained, until one is in order."""
    message = heartbeat()
    broker.send(message | {"timestamp": message["timestamp"] + seconds}, UP)
    await broker.settle()
    assert issues(hass) == {
        f"wrong_clock_{text}": {"name": "Gate", **numbers},
    }

    broker.send(message, UP)
    await broker.settle()
    assert issues(hass) == {}


async def test_accept_wrong_clock(
    hass: HomeAssistant,
    broker: Broker,
    entry: MockConfigEntry,
    camera: SimulatedCamera,
    fix: Fix,
) -> None:
    """One click turns the option on, and the camera is served from then on."""
    camera.faults.clock_offset = 4000
    await camera.send_heartbeat()
    await broker.settle()
    result = await fix(f"wrong_clock_{entry.entry_id}")

    assert result["type"] == "create_entry"
    assert entry.options["accept_wrong_clock"] is True
    assert issues(hass) == {}
    await camera.send_heartbeat()
    await broker.settle()
    assert camera.answers[-1]["ret"] == 0
    assert state(hass, CONNECTIVITY) == "on"
    assert issues(hass) == {}


async def test_interval_out_of_range(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, fix: Fix
) -> None:
    """One click sets an interval the protocol allows; it can also be set elsewhere."""
    camera = broker.connect(SimulatedCamera(sn=SN, hb_interval=10))
    await camera.send_heartbeat()
    await broker.settle()
    assert issues(hass) == {"hb_interval": {"name": "Gate", "interval": "10"}}

    camera.faults.ret = 1
    result = await fix(f"hb_interval_{entry.entry_id}")
    assert result["errors"] == {"base": "not_set"}
    assert "hb_interval" in issues(hass)

    camera.faults.ret = 0
    result = await fix(f"hb_interval_{entry.entry_id}")
    assert result["type"] == "create_entry"
    assert camera.config.hb_interval == 60
    assert state(hass, HB_INTERVAL) == "60"
    assert issues(hass) == {}


async def test_interval_out_of_range_after_a_restart(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry
) -> None:
    """What is known of the camera is enough to say so again."""
    camera = broker.connect(SimulatedCamera(sn=SN, hb_interval=10))
    await camera.send_heartbeat()
    await broker.settle()
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert list(issues(hass)) == ["hb_interval"]


async def test_ignored_over_a_restart(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry
) -> None:
    """Who does not want to hear of it is not told again at each start."""
    camera = broker.connect(SimulatedCamera(sn=SN, hb_interval=10))
    await camera.send_heartbeat()
    await broker.settle()
    issue_id = f"hb_interval_{entry.entry_id}"
    ir.async_ignore_issue(hass, "snapcam", issue_id, ignore=True)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await hass.async_block_till_done()

    issue = ir.async_get(hass).async_get_issue("snapcam", issue_id)
    assert issue is not None
    assert issue.dismissed_version is not None


async def test_commands_unanswered(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    entry: MockConfigEntry,
    camera: SimulatedCamera,
) -> None:
    """A camera that is heard and answers nothing listens on another topic."""
    camera.faults.silent = True
    for present in ({}, {}, {"commands_unanswered": DOWN}):
        await camera.send_heartbeat()
        await broker.settle()
        await pass_time(hass, broker, freezer, 11)
        assert {
            issue: placeholders and placeholders["topic"]
            for issue, placeholders in issues(hass).items()
        } == present

    camera.faults.silent = False
    await camera.send_heartbeat()
    await broker.settle()
    assert issues(hass) == {}


async def test_commands_unanswered_from_now_on(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A command that is not answered has the camera asked whether it hears us."""
    online.faults.silent = True
    switching = asyncio.create_task(call(hass, "switch.turn_on", IO0))
    await broker.settle()
    await pass_time(hass, broker, freezer, 11)
    with pytest.raises(HomeAssistantError):
        await switching
    for _ in range(3):
        assert issues(hass) == {}
        await online.send_heartbeat()
        await broker.settle()
        await pass_time(hass, broker, freezer, 11)

    assert list(issues(hass)) == ["commands_unanswered"]


async def test_silence_is_no_wrong_topic(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    entry: MockConfigEntry,
    camera: SimulatedCamera,
) -> None:
    """A camera that is switched off again and again need not be set up anew."""
    camera.faults.silent = True
    for _ in range(4):
        await camera.send_heartbeat()
        await broker.settle()
        await pass_time(hass, broker, freezer, 11)
        await pass_time(hass, broker, freezer, 100)
        await pass_time(hass, broker, freezer, 100)
        assert state(hass, CONNECTIVITY) == "off"
        assert issues(hass) == {}


async def test_wrong_sn_on_its_topic(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """Another one's number on a camera's topic is told, until that has stopped."""
    broker.send(heartbeat(sn=OTHER_SN), UP)
    await broker.settle()
    told = {
        "wrong_sn": {
            "name": "Gate",
            "sn": OTHER_SN,
            "topic": UP,
            "expected": TOPICS["up"].format(sn=OTHER_SN),
        }
    }
    assert issues(hass) == told

    await online.send_heartbeat()
    await broker.settle()
    assert issues(hass) == told

    await pass_time(hass, broker, freezer, 301)
    await online.send_heartbeat()
    await broker.settle()
    assert issues(hass) == {}


async def test_its_sn_on_a_wrong_topic(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera
) -> None:
    """A camera that speaks where nobody should is told; it might be somebody else."""
    topic = TOPICS["up"].format(sn=OTHER_SN)
    broker.send(heartbeat(), topic)
    await broker.settle()

    assert broker.published == []
    assert issues(hass) == {
        "wrong_sn": {"name": "Gate", "sn": SN, "topic": topic, "expected": UP}
    }


async def test_topic_is_shown_as_it_is(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera
) -> None:
    """A stranger may choose the topic, but not put a link into what people read."""
    broker.send(heartbeat(), "snapcam/`[fix it](mailto:a@b)`/up")
    await broker.settle()

    told = issues(hass)["wrong_sn"]
    assert told is not None
    assert told["topic"] == "snapcam/'[fix it](mailto:a@b)'/up"


async def test_strangers_among_themselves(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera
) -> None:
    """What cameras of others get wrong is theirs."""
    broker.send(heartbeat(sn="3"), TOPICS["up"].format(sn="4"))
    await broker.settle()
    assert issues(hass) == {}


async def test_wrong_sn_over_http(
    hass: HomeAssistant, http: TestClient, entry: MockConfigEntry
) -> None:
    """A camera that posts to another one's address is told, too."""
    address = f"/api/snapcam/upload/{entry.data['token']}"
    await http.post(address, json=upload(sn=OTHER_SN))
    assert issues(hass) == {"wrong_sn_http": {"name": "Gate", "sn": OTHER_SN}}
