"""Automations, as the editor makes them, and what they tell."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from .api import Api, Json
from .process import until

EVENT_SECONDS = 15.0


@asynccontextmanager
async def automation(api: Api, name: str, **config: Any) -> AsyncGenerator[None]:
    """Add an automation, and remove it in the end."""
    path = f"/api/config/automation/config/{name}"
    await api.request("POST", path, {"alias": name, **config})

    async def listens() -> bool:
        states = await api.request("GET", "/api/states")
        return (f"automation.{name}", "on") in {
            (state["entity_id"], state["state"]) for state in states
        }

    await until(listens, f"automation.{name} is not there")
    try:
        yield
    finally:
        await api.request("DELETE", path)


async def next_event(events: asyncio.Queue[Json]) -> Json:
    """Return the next event that was collected, or wait for it."""
    async with asyncio.timeout(EVENT_SECONDS):
        return await events.get()
