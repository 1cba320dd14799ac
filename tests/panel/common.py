"""What the tests of the panel do again and again."""

from typing import Any

from pytest_homeassistant_custom_component.typing import MockHAClientWebSocket

GONE_SN = "100000000000"
DAYS = ("2026-01-02", "2026-01-03")
FILES = ("030405-000006.jpg", "030405-000007.png", "235959-999999.webp")


type Json = dict[str, Any]


async def ask(client: MockHAClientWebSocket, command: str, **more: Any) -> Json:
    """Return the answer to a command."""
    await client.send_json_auto_id({"type": f"snapcam/{command}", **more})
    answer: Json = await client.receive_json()
    return answer


async def told(client: MockHAClientWebSocket) -> Json:
    """Return what a subscription tells next."""
    message: Json = await client.receive_json()
    assert message["type"] == "event"
    event: Json = message["event"]
    return event


async def subscribe(client: MockHAClientWebSocket) -> list[Json]:
    """Subscribe to the cameras, and return them."""
    assert (await ask(client, "cameras"))["success"]
    cameras: list[Json] = (await told(client))["cameras"]
    return cameras
