"""What the tests of automations do again and again."""

from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import async_mock_service

type Target = dict[str, dict[str, str]]

ASK = {"trigger": "event", "event_type": "ask"}


async def automate(
    hass: HomeAssistant,
    trigger: dict[str, Any],
    *conditions: dict[str, Any],
    data: dict[str, str] | None = None,
) -> list[ServiceCall]:
    """Set an automation up, and return what it does."""
    done = async_mock_service(hass, "test", "done")
    automation = {
        "triggers": trigger,
        "conditions": list(conditions),
        "actions": {"action": "test.done", "data": data or {}},
    }
    assert await async_setup_component(hass, "automation", {"automation": automation})
    await hass.async_block_till_done()
    return done
