"""The last messages of a camera, shown in words."""

import re
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..broker import Broker
from ..common import JPEG, call, heartbeat, upload
from ..const import IO0, OTHER_SN, SN, UP
from ..simulator import SimulatedCamera


async def says(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, str]:
    """Open the options, and return what the form says."""
    options = hass.config_entries.options
    result: Any = await options.async_init(entry.entry_id)
    result = await options.async_configure(result["flow_id"], {"next_step_id": "says"})
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "says")
    shown: dict[str, str] = result["description_placeholders"]
    again: Any = await options.async_configure(result["flow_id"], {})
    assert (again["step_id"], again["description_placeholders"]) == ("says", shown)
    return shown


async def test_nothing_yet(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """It is said that nothing was said."""
    assert await says(hass, entry) == {
        "messages": "Nothing yet since the camera was set up here.",
        "unreadable": "–",
        "tolerated": "–",
    }


async def test_messages_in_words(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera, entry: MockConfigEntry
) -> None:
    """Each has its time, who said it, and what is odd; nothing of what it carries."""
    await hass.config.async_set_time_zone("Asia/Shanghai")
    broker.send(upload(JPEG), UP)
    broker.send(heartbeat(timestamp=1000), UP)
    broker.send(heartbeat(timestamp=None), UP)
    await broker.settle()
    online.faults.ret = 77
    with pytest.raises(Exception, match="refused"):
        await call(hass, "switch.turn_on", IO0)
    broker.send(b"{nonsense", UP)
    broker.send(b'{"`a`": "b"}', UP)
    broker.send(b'{"operate":"heartbeat","request_id":1,"sn":"%s",}' % SN.encode(), UP)
    await broker.settle()
    shown = await says(hass, entry)

    lines = shown["messages"].splitlines()
    for line in lines:
        assert re.match(
            r"- `\d{4}-\d\d-\d\d \d\d:\d\d:\d\d` (Camera:|Home Assist)", line
        )
    text = re.sub(r"`\d{4}-.{14}` ", "", shown["messages"])
    assert "- Camera: picture · `data`\n" in text
    assert "- Home Assistant: answer to the picture · accepted\n" in text
    assert "- Camera: heartbeat · without a time\n" in text
    assert re.search(r"- Camera: heartbeat · its clock is off by -\d{9,} s\n", text)
    assert "- Camera: answer to the command · refused with code 77" in text
    assert "- Home Assistant: command · `cmd_data`\n" in text
    assert "not JSON" in shown["unreadable"]
    assert "`trailing commas` × 1" in shown["tolerated"]
    assert SN not in str(shown)
    assert entry.data["token"] not in str(shown)


async def test_other_serial_number(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera, entry: MockConfigEntry
) -> None:
    """An answer that names another camera is said to; it counts all the same."""
    online.faults.foreign_sn = OTHER_SN
    await call(hass, "switch.turn_on", IO0)
    shown = await says(hass, entry)
    assert "accepted · with another serial number" in shown["messages"]
    assert OTHER_SN not in str(shown)


async def test_in_chinese(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera, entry: MockConfigEntry
) -> None:
    """It is told in Home Assistant's language."""
    hass.config.language = "zh-Hans"
    await online.send_heartbeat()
    await broker.settle()
    shown = await says(hass, entry)
    assert "摄像头： 心跳" in shown["messages"]


async def test_camera_that_is_not_set_up(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """It has said nothing, and is not asked."""
    assert await hass.config_entries.async_unload(entry.entry_id)
    result = await hass.config_entries.options.async_init(entry.entry_id)
    assert result["menu_options"] == ["settings", "firmware"]
