"""Changing a camera that is set up."""

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..broker import Broker
from ..common import heartbeat
from ..const import OTHER_SN, SN, TOPICS
from ..simulator import SimulatedCamera
from .common import shown_topics, step


async def change_address(
    hass: HomeAssistant, entry: MockConfigEntry
) -> ConfigFlowResult:
    """Open the form for how a camera is reached."""
    result = await entry.start_reconfigure_flow(hass)
    assert (result["type"], result["menu_options"]) == ("menu", ["address", "replace"])
    return await step(hass, result, {"next_step_id": "address"})


async def test_reconfigure(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera, entry: MockConfigEntry
) -> None:
    """New topics are used at once; errors are said; the rest stays what it is."""
    token = entry.data["token"]
    result = await change_address(hass, entry)
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "address")
    assert shown_topics(result) == TOPICS
    wrong = {"up": "a/#", "down": "b"}
    result = await step(hass, result, {"topics": wrong})
    assert result["errors"] == {"base": "invalid_up"}
    assert shown_topics(result) == wrong
    topics = {"up": "new/{sn}/up", "down": "new/{sn}/down"}
    result = await step(hass, result, {"sn": SN, "topics": topics})
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    assert entry.data == {"sn": SN, **topics, "token": token}

    broker.send(heartbeat(), f"new/{SN}/up")
    await broker.settle()
    assert broker.published[0].topic == f"new/{SN}/down"


async def test_reconfigure_with_another_serial_number(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry
) -> None:
    """Another camera is another entry."""
    result = await change_address(hass, entry)
    result = await step(hass, result, {"sn": OTHER_SN, "topics": TOPICS})

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "unique_id_mismatch"


@pytest.mark.parametrize("direction", ["up", "down"])
async def test_reconfigure_with_a_topic_of_the_broker(
    hass: HomeAssistant, entry: MockConfigEntry, direction: str
) -> None:
    """What begins with a $ has a meaning of its own for a broker: nobody is heard there."""
    result = await change_address(hass, entry)
    user_input = {"sn": SN, "topics": TOPICS | {direction: "$share/homes/{sn}/x"}}
    result = await step(hass, result, user_input)

    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "address")
    assert result["errors"] == {"base": f"invalid_{direction}"}


async def test_options(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera, entry: MockConfigEntry
) -> None:
    """The wrong clock can be accepted, and that counts at once."""
    online.faults.clock_offset = 1000
    await online.send_heartbeat()
    await broker.settle()
    assert online.answers[-1]["ret"] == 2

    result = await hass.config_entries.options.async_init(entry.entry_id)
    assert (result["type"], result["menu_options"]) == (
        "menu",
        ["settings", "firmware", "says"],
    )
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {"next_step_id": "settings"}
    )
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {"accept_wrong_clock": True}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    assert entry.options == {
        "keep_days": 30,
        "keep_count": 5000,
        "keep_mib": 1024,
        "film_days": 0,
        "thin_out": False,
        "delete_pictures": False,
        "accept_wrong_clock": True,
    }
    await online.send_heartbeat()
    await broker.settle()
    assert online.answers[-1]["ret"] == 0
