"""What the tests of flows do again and again."""

import asyncio
from typing import Any

from homeassistant.config_entries import SOURCE_USER, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from ..const import OTHER_SN, TOPICS

OTHER_UP = f"snapcam/{OTHER_SN}/up"


def shown_topics(result: ConfigFlowResult) -> dict[str, str]:
    """Return the topics a form is filled in with when it is opened."""
    # The frontend looks at a section's own default, and then at nothing inside of it.
    (section,) = [key for key in result["data_schema"].schema if key == "topics"]
    return section.default()


async def start(hass: HomeAssistant, choice: str | None = None) -> ConfigFlowResult:
    """Open the flow, and choose from its menu."""
    result = await hass.config_entries.flow.async_init(
        "snapcam", context={"source": SOURCE_USER}
    )
    if choice is None:
        return result
    return await step(hass, result, {"next_step_id": choice})


async def step(
    hass: HomeAssistant, result: ConfigFlowResult, user_input: dict[str, Any] | None
) -> ConfigFlowResult:
    """Submit a form or choose from a menu."""
    return await hass.config_entries.flow.async_configure(result["flow_id"], user_input)


async def confirm(
    hass: HomeAssistant, result: ConfigFlowResult, form: str = "confirm", **lines: str
) -> ConfigFlowResult:
    """See the picture of the camera, say what hangs on it, and have it added."""
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, form)
    return await step(hass, result, lines)


async def progress(hass: HomeAssistant, result: ConfigFlowResult) -> ConfigFlowResult:
    """Wait for what the flow waits for."""
    assert result["type"] is FlowResultType.SHOW_PROGRESS
    await hass.async_block_till_done()
    return await step(hass, result, None)


async def listen(hass: HomeAssistant, topic_filter: str = "#") -> ConfigFlowResult:
    """Choose to listen."""
    result = await start(hass, "listen")
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "listen")
    result = await step(hass, result, {"filter": topic_filter})
    assert (result["step_id"], result["progress_action"]) == ("listening", "listen")
    return result


async def listened(hass: HomeAssistant, result: ConfigFlowResult) -> ConfigFlowResult:
    """Let the time pass in which Home Assistant listens."""
    for _ in range(2):
        await asyncio.sleep(0)
        async_fire_time_changed(hass, fire_all=True)
    return await progress(hass, result)


def cameras(result: ConfigFlowResult) -> list[dict[str, str]]:
    """Return the cameras a form lists."""
    options: list[dict[str, str]] = result["data_schema"].schema["sn"].config["options"]
    return options


async def name_other(
    hass: HomeAssistant, entry: MockConfigEntry, sn: str = OTHER_SN
) -> ConfigFlowResult:
    """Say which camera takes the place."""
    result = await entry.start_reconfigure_flow(hass)
    result = await step(hass, result, {"next_step_id": "replace"})
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "replace")
    return await step(hass, result, {"sn": sn, "topics": TOPICS})


async def replace(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Have the other camera take the place, and see that it has."""
    result = await progress(hass, await name_other(hass, entry))
    assert result["step_id"] == "replace_confirm"
    result = await step(hass, result, {})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "replaced")
    await hass.async_block_till_done(wait_background_tasks=True)
