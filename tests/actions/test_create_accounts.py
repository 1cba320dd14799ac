"""The action that makes accounts at the broker."""

import base64
import hashlib
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..const import CAMERA, OTHER_SN, SN


async def create_accounts(hass: HomeAssistant, entity_id: str) -> dict[str, Any]:
    """Make accounts, and return the response."""
    response: Any = await hass.services.async_call(
        "snapcam",
        "create_accounts",
        {"entity_id": entity_id},
        blocking=True,
        return_response=True,
    )
    return response


async def test_a_password_fits_its_hash(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The broker is told a salted hash, as Mosquitto 2 makes it; people the password."""
    response = await create_accounts(hass, CAMERA)
    (account,) = response["accounts"]
    assert (account["name"], account["username"]) == ("Gate", SN)
    user, hashed = response["password_file"].strip().split(":")
    _, kind, rounds, salt, digest = hashed.split("$")

    assert (user, kind) == (SN, "7")
    assert base64.b64decode(digest) == hashlib.pbkdf2_hmac(
        "sha512", account["password"].encode(), base64.b64decode(salt), int(rounds)
    )
    assert account["password"] not in response["password_file"]


async def test_each_camera_has_its_own_topics(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Also one whose topics are not the usual ones; nobody shares a password."""
    topics = {"up": "yard/out", "down": "yard/{sn}/in"}
    MockConfigEntry(
        domain="snapcam",
        unique_id=OTHER_SN,
        title="Yard",
        data={"sn": OTHER_SN, **topics},
    ).add_to_hass(hass)
    response = await create_accounts(hass, "all")

    assert response["acl_file"] == (
        f"user {SN}\ntopic write snapcam/{SN}/up\ntopic read snapcam/{SN}/down\n\n"
        f"user {OTHER_SN}\ntopic write yard/out\ntopic read yard/{OTHER_SN}/in\n"
    )
    assert len({account["password"] for account in response["accounts"]}) == 2


async def test_passwords_are_new_each_time(
    hass: HomeAssistant, entry: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    """They are stored nowhere, so they cannot be shown again, and are in no log."""
    told = [
        (await create_accounts(hass, CAMERA))["accounts"][0]["password"]
        for _ in range(2)
    ]

    assert told[0] != told[1]
    assert not any(password in caplog.text for password in told)


async def test_no_camera_is_meant(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """That is said, instead of files that would lock all cameras out."""
    with pytest.raises(ServiceValidationError) as raised:
        await create_accounts(hass, "light.porch")
    assert raised.value.translation_key == "no_cameras"
