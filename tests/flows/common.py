"""What the tests of flows do again and again."""

from typing import Any

from homeassistant.config_entries import SOURCE_USER, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType


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
