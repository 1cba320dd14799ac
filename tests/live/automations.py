"""Automations, as the editor makes them, and what they tell."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from .api import Api, Json
from .process import until

EVENT_SECONDS = 15.0


PATH = "/api/config/automation/config/{}"


@asynccontextmanager
async def automation(api: Api, name: str, **config: Any) -> AsyncGenerator[None]:
    """Add an automation, and remove it in the end."""
    await add(api, name, alias=name, **config)
    try:
        yield
    finally:
        await api.request("DELETE", PATH.format(name))


async def add(api: Api, unique_id: str, **config: Any) -> str:
    """Add an automation, and return its entity once it listens."""
    await api.request("POST", PATH.format(unique_id), config)

    async def listening() -> str | None:
        states = await api.request("GET", "/api/states")
        wanted = (unique_id, "on")
        return next(
            (
                state["entity_id"]
                for state in states
                if (state["attributes"].get("id"), state["state"]) == wanted
            ),
            None,
        )

    return await until(listening, f"the automation {unique_id} is not there")


async def next_event(events: asyncio.Queue[Json]) -> Json:
    """Return the next event that was collected, or wait for it."""
    async with asyncio.timeout(EVENT_SECONDS):
        return await events.get()
