"""Phones with the Companion app, and the service that pushes notifications to them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from http import HTTPStatus

from aiohttp import web
from aiohttp.test_utils import TestServer

from .api import Api, Json


async def register(api: Api, name: str, **app_data: object) -> str:
    """Register a phone, and return its webhook."""
    registration: Json = await api.request(
        "POST",
        "/api/mobile_app/registrations",
        {
            "app_id": "live_test",
            "app_name": "Live test",
            "app_version": "1",
            "device_name": name,
            "manufacturer": "Live test",
            "model": "Live test",
            "os_name": "Live test",
            "os_version": "1",
            "app_data": app_data,
        },
    )
    webhook: str = registration["webhook_id"]
    return webhook


@asynccontextmanager
async def pushed(api: Api, name: str) -> AsyncGenerator[asyncio.Queue[Json]]:
    """Register a phone that is reached by a push service, and collect what it gets."""
    received: asyncio.Queue[Json] = asyncio.Queue()

    async def take(request: web.Request) -> web.Response:
        received.put_nowait(await request.json())
        return web.json_response({}, status=HTTPStatus.CREATED)

    app = web.Application()
    app.router.add_post("/push", take)
    async with TestServer(app) as server:
        await register(
            api, name, push_token="token", push_url=str(server.make_url("/push"))
        )
        yield received


async def press(api: Api, webhook: str, action: str) -> None:
    """Press a button of a notification, as the app tells Home Assistant."""
    event = {
        "event_type": "mobile_app_notification_action",
        "event_data": {"action": action},
    }
    message = {"type": "fire_event", "data": event}
    await api.request("POST", f"/api/webhook/{webhook}", message)
