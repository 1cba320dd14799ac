"""What a user of Home Assistant may do who does not administer it, and what not."""

from http import HTTPStatus
from typing import Any

from aiohttp.test_utils import TestClient
from homeassistant.auth.const import GROUP_ID_USER
from homeassistant.auth.models import User
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import Unauthorized
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from .const import BUTTON, CAMERA, IO0, UPDATE
from .simulator import SimulatedCamera

FLOWS = "/api/config/config_entries/flow"
OPTIONS_FLOWS = "/api/config/config_entries/options/flow"
DIAGNOSTICS = "/api/diagnostics/config_entry"


@pytest.fixture
async def user(hass: HomeAssistant, hass_owner_user: User) -> User:
    """Return an ordinary user, who may control everything; the first one owns it."""
    return await hass.auth.async_create_user("Somebody", group_ids=[GROUP_ID_USER])


@pytest.fixture
async def client(
    hass: HomeAssistant,
    user: User,
    online: SimulatedCamera,
    hass_client: ClientSessionGenerator,
) -> TestClient:
    """Return the way to the web server for this user."""
    for component in ("config", "diagnostics"):
        assert await async_setup_component(hass, component, {})
    token = await hass.auth.async_create_refresh_token(user, "http://client/")
    return await hass_client(hass.auth.async_create_access_token(token))


async def act(
    hass: HomeAssistant, user: User, action: str, entity_id: str, **data: Any
) -> None:
    """Perform an action as a user."""
    await hass.services.async_call(
        *action.split("."),
        {"entity_id": entity_id, **data},
        blocking=True,
        context=Context(user_id=user.id),
    )


@pytest.mark.parametrize(
    ("action", "data"),
    [("export_cameras", {}), ("create_accounts", {"entity_id": CAMERA})],
)
async def test_list_of_all_is_for_administrators(
    hass: HomeAssistant,
    user: User,
    online: SimulatedCamera,
    action: str,
    data: dict[str, str],
) -> None:
    """Who may not administer Home Assistant is told of no cameras or passwords."""
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            "snapcam",
            action,
            data,
            blocking=True,
            return_response=True,
            context=Context(user_id=user.id),
        )


@pytest.mark.parametrize(
    ("action", "entity_id", "data"),
    [
        (
            "snapcam.offer_firmware",
            CAMERA,
            {"version": "1", "package_url": "http://h/"},
        ),
        ("snapcam.withdraw_firmware", CAMERA, {}),
        (
            "snapcam.roll_out_firmware",
            CAMERA,
            {"version": "1", "package_url": "http://h/"},
        ),
        ("update.install", UPDATE, {}),
        ("snapcam.set_config", CAMERA, {"hb_interval": 120}),
    ],
)
async def test_fleets_are_for_administrators(
    hass: HomeAssistant,
    user: User,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    action: str,
    entity_id: str,
    data: dict[str, str],
) -> None:
    """Who may not administer Home Assistant chooses no firmware, and no settings."""
    with pytest.raises(Unauthorized):
        await act(hass, user, action, entity_id, **data)
    assert "firmware" not in entry.options
    assert online.received == []


async def test_cameras_are_for_everybody(
    hass: HomeAssistant, user: User, online: SimulatedCamera
) -> None:
    """An ordinary user takes pictures and switches the lines."""
    await act(hass, user, "button.press", BUTTON)
    await act(hass, user, "switch.turn_on", IO0)
    await act(hass, user, "snapcam.control_io", CAMERA, io1=True)
    assert (online.io0, online.io1) == (1, 1)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        (FLOWS, {"handler": "snapcam"}),
        (FLOWS, {"handler": "snapcam", "entry_id": "{entry}"}),
        (OPTIONS_FLOWS, {"handler": "{entry}"}),
    ],
    ids=["add", "reconfigure", "options"],
)
async def test_set_up_is_for_administrators(
    client: TestClient,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    path: str,
    data: dict[str, str],
) -> None:
    """Adding a camera, its topics, and its options with the firmware need a role."""
    data = {key: text.format(entry=entry.entry_id) for key, text in data.items()}
    response = await client.post(path, json=data)
    assert response.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)

    administrator = await hass_client()
    assert (await administrator.post(path, json=data)).status == HTTPStatus.OK


async def test_diagnostics_are_for_administrators(
    client: TestClient, entry: MockConfigEntry
) -> None:
    """What is known of a camera inside is not for everybody."""
    response = await client.get(f"{DIAGNOSTICS}/{entry.entry_id}")
    assert response.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
