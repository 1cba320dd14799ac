"""The REST and WebSocket interface of Home Assistant, as its owner uses it."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from .process import ServerError, until

DOMAIN = "snapcam"

type Json = dict[str, Any]


class Api:
    """The interface of one Home Assistant."""

    def __init__(self, url: str) -> None:
        """Initialize with its address; there is no log-in yet."""
        self.url = url
        self._session = aiohttp.ClientSession(url)
        self._token = ""

    async def close(self) -> None:
        """Close its connections."""
        await self._session.close()

    async def is_up(self) -> bool:
        """Return whether it answers."""
        try:
            async with self._session.get("/manifest.json") as response:
                return response.ok
        except aiohttp.ClientError:
            return False

    async def is_running(self) -> bool:
        """Return whether it is set up, too; this needs the log-in."""
        config: Json = await self.request("GET", "/api/config")
        return bool(config["state"] == "RUNNING")

    async def create_owner(
        self, name: str, username: str, password: str, *, language: str = "en"
    ) -> None:
        """Create the first user of a new Home Assistant, and log in."""
        client_id = f"{self.url}/"
        person = {"name": name, "username": username, "password": password}
        created = await self.request(
            "POST",
            "/api/onboarding/users",
            {**person, "client_id": client_id, "language": language},
        )
        await self._log_in(created["auth_code"], client_id)
        # Else it would be that of the browser.
        await self.command(
            "frontend/set_user_data", key="language", value={"language": language}
        )

    async def log_in(self) -> None:
        """Log in as the only user, which on this machine needs no password."""
        client_id = f"{self.url}/"
        flow = await self.request(
            "POST",
            "/auth/login_flow",
            {
                "client_id": client_id,
                "redirect_uri": client_id,
                "handler": ["trusted_networks", None],
            },
        )
        await self._log_in(flow["result"], client_id)

    async def request(self, method: str, path: str, data: Json | None = None) -> Any:
        """Send a request, and return the answer's JSON."""
        async with self._session.request(
            method, path, json=data, headers=self._headers
        ) as response:
            if not response.ok:
                reason = f"{response.status} {await response.text()}"
                raise ServerError(f"{method} {path}: {reason}")
            return await response.json()

    async def download(self, path: str) -> tuple[bytes, str]:
        """Return a file, and its content type."""
        async with self._session.get(path, headers=self._headers) as response:
            response.raise_for_status()
            return await response.read(), response.content_type

    async def upload(self, name: str, content: bytes) -> str:
        """Upload a file for a form, and return what to fill in for it."""
        # Browsers do not quote the name.
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("file", content, filename=name)
        async with self._session.post(
            "/api/file_upload", data=form, headers=self._headers
        ) as response:
            response.raise_for_status()
            file_id: str = (await response.json())["file_id"]
            return file_id

    async def render(self, template: str) -> str:
        """Return what a template says."""
        async with self._session.post(
            "/api/template", json={"template": template}, headers=self._headers
        ) as response:
            response.raise_for_status()
            return await response.text()

    async def command(self, command: str, **fields: Any) -> Any:
        """Send a WebSocket command, and return its result."""
        async with self.connect() as socket:
            return await ask(socket, command, **fields)

    async def state(self, entity_id: str) -> Json:
        """Return the state of an entity."""
        state: Json = await self.request("GET", f"/api/states/{entity_id}")
        return state

    async def until_state(
        self, entity_id: str, *wanted: str, seconds: float = 10.0
    ) -> Json:
        """Return the state of an entity once it is one of those wanted."""

        async def probe() -> Json | None:
            state = await self.state(entity_id)
            return state if state["state"] in wanted else None

        what = f"{entity_id} is not {' or '.join(wanted)}"
        return await until(probe, what, seconds=seconds)

    @asynccontextmanager
    async def states_of(self, entity_id: str) -> AsyncGenerator[list[str]]:
        """Collect the states an entity goes through."""
        states: list[str] = []

        def take(event: Json) -> None:
            states.append(event["variables"]["trigger"]["to_state"]["state"])

        trigger = {"platform": "state", "entity_id": entity_id, "to": None}
        async with self._listening(take, "subscribe_trigger", trigger=trigger):
            yield states

    @asynccontextmanager
    async def subscribed(
        self, command: str, **fields: Any
    ) -> AsyncGenerator[asyncio.Queue[Json]]:
        """Collect what a WebSocket command has to tell from now on."""
        events: asyncio.Queue[Json] = asyncio.Queue()
        async with self._listening(events.put_nowait, command, **fields):
            yield events

    async def act(self, action: str, entity_id: str, **data: Any) -> None:
        """Perform an action on an entity, and wait for its end."""
        path = f"/api/services/{action.replace('.', '/')}"
        await self.request("POST", path, {"entity_id": entity_id, **data})

    async def call(self, action: str, entity_id: str, **data: Any) -> None:
        """Perform an action as the frontend does, however long that takes.

        Raises:
            ServerError: It failed; the text has the error as people read it.
        """
        domain, _, service = action.partition(".")
        await self.command(
            "call_service",
            domain=domain,
            service=service,
            target={"entity_id": entity_id},
            service_data=data,
        )

    async def respond(self, action: str, entity_id: str, **data: Any) -> Json:
        """Perform an action on an entity, and return its response."""
        path = f"/api/services/{action.replace('.', '/')}?return_response"
        answer = await self.request("POST", path, {"entity_id": entity_id, **data})
        response: Json = answer["service_response"]
        return response

    async def entities(self, sn: str) -> dict[str, str]:
        """Return the entities of a camera by platform and key, as in `switch.io0`."""
        prefix = f"{sn}_"
        return {
            f"{entity['entity_id'].partition('.')[0]}.{key}": entity["entity_id"]
            for entity in await self.command("config/entity_registry/list")
            if entity["platform"] == DOMAIN
            and (key := entity["unique_id"].removeprefix(prefix)) != entity["unique_id"]
        }

    async def entity(self, platform: str, unique_id: str) -> str:
        """Return the entity of a platform by what never changes about it."""
        (found,) = [
            entity["entity_id"]
            for entity in await self.command("config/entity_registry/list")
            if (entity["platform"], entity["unique_id"]) == (platform, unique_id)
        ]
        return str(found)

    async def entry_id(self, sn: str) -> str:
        """Return the config entry of a camera."""
        prefix = f"{sn}_"
        (found,) = {
            entity["config_entry_id"]
            for entity in await self.command("config/entity_registry/list")
            if entity["platform"] == DOMAIN and entity["unique_id"].startswith(prefix)
        }
        return str(found)

    async def _log_in(self, code: str, client_id: str) -> None:
        """Get the token that everything else needs."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": client_id,
        }
        async with self._session.post("/auth/token", data=form) as response:
            response.raise_for_status()
            self._token = (await response.json())["access_token"]

    @asynccontextmanager
    async def connect(self) -> AsyncGenerator[aiohttp.ClientWebSocketResponse]:
        """Open a WebSocket, and log in."""
        async with self._session.ws_connect("/api/websocket") as socket:
            await socket.receive_json()
            await socket.send_json({"type": "auth", "access_token": self._token})
            await socket.receive_json()
            yield socket

    @asynccontextmanager
    async def _listening(
        self, take: Callable[[Json], None], command: str, **fields: Any
    ) -> AsyncGenerator[None]:
        """Hand on the events that a WebSocket command subscribes to."""

        async def listen(socket: aiohttp.ClientWebSocketResponse) -> None:
            async for message in socket:
                take(message.json()["event"])

        async with self.connect() as socket:
            await ask(socket, command, **fields)
            listening = asyncio.create_task(listen(socket))
            try:
                yield
            finally:
                listening.cancel()

    @property
    def _headers(self) -> dict[str, str]:
        """Return what tells Home Assistant who asks."""
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}


async def ask(
    socket: aiohttp.ClientWebSocketResponse, command: str, **fields: Any
) -> Any:
    """Send the first command on a WebSocket, and return its result."""
    await socket.send_json({"id": 1, "type": command, **fields})
    answer = await socket.receive_json()
    if not answer["success"]:
        raise ServerError(f"{command}: {answer['error']}")
    return answer["result"]


async def device_id(api: Api, name: str) -> str:
    """Return the id of a device."""
    devices = await api.command("config/device_registry/list")
    (found,) = [
        device["id"]
        for device in devices
        if name in (device["name_by_user"], device["name"])
    ]
    return str(found)
