"""Making accounts at the broker for many cameras."""

from base64 import b64encode
from collections.abc import Iterable
import hashlib
import secrets
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service

from ..const import CONF_DOWN, CONF_SN, CONF_UP, DOMAIN
from ..protocol import TopicTemplate
from .targets import async_target_entries

SERVICE_CREATE_ACCOUNTS: Final = "create_accounts"

# People type them into cameras, so nothing looks like something else: 99 bits in all.
ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
PASSWORD_LENGTH: Final = 20

# As `mosquitto_passwd` has them. Nobody guesses such a password, however fast it is.
ITERATIONS: Final = 101
SALT_BYTES: Final = 12


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the actions."""
    async_register_admin_service(
        hass,
        DOMAIN,
        SERVICE_CREATE_ACCOUNTS,
        _async_create_accounts,
        cv.make_entity_service_schema({}),
        supports_response=SupportsResponse.ONLY,
    )


async def _async_create_accounts(call: ServiceCall) -> ServiceResponse:
    """Return new passwords, and what the broker needs of them; nothing is stored."""
    entries = await async_target_entries(call)
    passwords = {str(entry.data[CONF_SN]): _password() for entry in entries}
    return {
        "accounts": [
            {"name": entry.title, "username": sn, "password": password}
            for entry, (sn, password) in zip(entries, passwords.items(), strict=True)
        ],
        "password_file": await call.hass.async_add_executor_job(
            _password_file, passwords
        ),
        "acl_file": _acl_file(entries),
    }


def _password() -> str:
    """Return a password that nobody has yet."""
    return "".join(secrets.choice(ALPHABET) for _ in range(PASSWORD_LENGTH))


def _password_file(passwords: dict[str, str]) -> str:
    """Return the lines for Mosquitto's `password_file`: salted hashes."""
    return "".join(f"{sn}:{_hashed(password)}\n" for sn, password in passwords.items())


def _hashed(password: str) -> str:
    """Return a password as Mosquitto 2 stores it: PBKDF2 with SHA-512."""
    salt = secrets.token_bytes(SALT_BYTES)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS)
    return f"$7${ITERATIONS}${b64encode(salt).decode()}${b64encode(digest).decode()}"


def _acl_file(entries: Iterable[ConfigEntry]) -> str:
    """Return the lines for Mosquitto's `acl_file`: each camera has its two topics."""
    return "\n".join(
        f"user {(sn := entry.data[CONF_SN])}\n"
        f"topic write {TopicTemplate(entry.data[CONF_UP]).topic(sn)}\n"
        f"topic read {TopicTemplate(entry.data[CONF_DOWN]).topic(sn)}\n"
        for entry in entries
    )
