"""Addresses a camera can use, and the secret that makes one its own."""

from ipaddress import ip_address
import secrets
from typing import Final

from aiohttp import web
from homeassistant.components.http import KEY_HASS
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.network import (
    NoURLAvailableError,
    get_url,
    is_cloud_connection,
)
from homeassistant.util.network import is_local, is_loopback
import yarl

from ..issues import NO_LAN_ADDRESS, async_report, async_withdraw
from ..protocol import SnapcamError

TOKEN_BYTES: Final = 32


class SnapcamNoLanAddressError(SnapcamError):
    """Home Assistant has no plain http address that a camera could use."""

    translation_key = "no_lan_address"


def new_token() -> str:
    """Return a new secret for the address of a camera."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def parse_http_url(address: str) -> yarl.URL:
    """Read an address that a person has typed.

    Raises:
        ValueError: It is none, or not one for HTTP.
    """
    url = yarl.URL(address.strip())
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError("not an http address")
    return url


@callback
def async_lan_address(hass: HomeAssistant, sn: str) -> str | None:
    """Return the plain http address for a camera; without one, say how to get it."""
    if (origin := lan_address(hass)) is None:
        async_report(hass, NO_LAN_ADDRESS, sn)
    else:
        async_withdraw(hass, NO_LAN_ADDRESS)
    return origin


def lan_address(hass: HomeAssistant) -> str | None:
    """Return the plain http address of Home Assistant in the local network.

    These cameras rarely speak TLS. Where only a proxy in front of Home Assistant does,
    Home Assistant's own port is still plain. They do not know names that end with
    `.local` either: those are told by mDNS.
    """
    try:
        url = get_url(hass, allow_external=False, allow_cloud=False, allow_ip=True)
    except NoURLAvailableError:
        url = ""
    api = hass.config.api
    # Where it listens to this machine alone, its cameras are here, too.
    is_alone = api is not None and _is_unknown_elsewhere(api.host)
    host = yarl.URL(url).host or ""
    if url.startswith("http://") and (is_alone or not _is_unknown_elsewhere(host)):
        return url
    if api is None or api.use_ssl or api.local_ip.startswith("127."):
        return None
    return str(yarl.URL.build(scheme="http", host=api.local_ip, port=api.port))


def _is_unknown_elsewhere(host: str) -> bool:
    """Return whether a host is this machine's own, or has a name that only mDNS tells."""
    try:
        return is_loopback(ip_address(host))
    except ValueError:
        return f".{host.lower().rstrip('.')}".endswith((".local", ".localhost"))


def is_local_request(request: web.Request) -> bool:
    """Return whether a request comes from the local network."""
    if request.remote is None or is_cloud_connection(request.app[KEY_HASS]):
        return False
    try:
        return is_local(ip_address(request.remote))
    except ValueError:
        return False
