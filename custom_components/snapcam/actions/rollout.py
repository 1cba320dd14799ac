"""Rolling a firmware out to many cameras."""

from datetime import timedelta
from typing import Final

from homeassistant.const import CONF_FILENAME
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service
import voluptuous as vol

from ..const import DOMAIN
from ..firmware.rolling import ROLL_OUTS
from ..firmware.rollout import Plan
from ..helpers import translated_error
from ..protocol import SnapcamError
from .firmware import OFFER, async_read_offer, error_not_read
from .targets import async_target_entries

SERVICE_ROLL_OUT_FIRMWARE: Final = "roll_out_firmware"
SERVICE_PAUSE_ROLL_OUT: Final = "pause_roll_out"
SERVICE_RESUME_ROLL_OUT: Final = "resume_roll_out"
SERVICE_ABORT_ROLL_OUT: Final = "abort_roll_out"

CONF_FIRST: Final = "first"
CONF_AT_ONCE: Final = "at_once"
CONF_STOP_AFTER_FAILURES: Final = "stop_after_failures"
CONF_PAUSE_BETWEEN: Final = "pause_between"
CONF_WINDOW: Final = "window"
CONF_START: Final = "start"
CONF_END: Final = "end"
CONF_WAIT_OFFLINE: Final = "wait_offline"

MAX_AT_ONCE: Final = 100

_COUNT = vol.All(vol.Coerce(int), vol.Range(min=1))

SCHEMA: Final = cv.make_entity_service_schema(
    {
        **OFFER,
        vol.Optional(CONF_FIRST, default=1): _COUNT,
        vol.Optional(CONF_AT_ONCE, default=2): vol.All(
            _COUNT, vol.Range(max=MAX_AT_ONCE)
        ),
        vol.Optional(CONF_STOP_AFTER_FAILURES, default=1): _COUNT,
        vol.Optional(CONF_PAUSE_BETWEEN, default=timedelta()): cv.positive_time_period,
        vol.Optional(CONF_WINDOW): {
            vol.Required(CONF_START): cv.time,
            vol.Required(CONF_END): cv.time,
        },
        vol.Optional(CONF_WAIT_OFFLINE, default=True): cv.boolean,
    }
)


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the actions."""
    async_register_admin_service(
        hass, DOMAIN, SERVICE_ROLL_OUT_FIRMWARE, _async_roll_out, SCHEMA
    )
    async_register_admin_service(hass, DOMAIN, SERVICE_PAUSE_ROLL_OUT, _async_pause)
    async_register_admin_service(hass, DOMAIN, SERVICE_RESUME_ROLL_OUT, _async_resume)
    async_register_admin_service(hass, DOMAIN, SERVICE_ABORT_ROLL_OUT, _async_abort)


async def _async_roll_out(call: ServiceCall) -> None:
    """Begin to roll a firmware out.

    Raises:
        ServiceValidationError: That makes no sense.
    """
    hass, plan, copy = call.hass, _plan(call), None
    entries = await async_target_entries(call)
    try:
        roll_outs = hass.data[ROLL_OUTS]
        roll_outs.async_check()
        offer, copy = await async_read_offer(hass, call)
        await roll_outs.async_start(entries, offer, copy, plan)
    except SnapcamError as err:
        raise translated_error(err, "") from err
    except OSError as err:
        raise error_not_read(call.data.get(CONF_FILENAME), err) from err
    finally:
        if copy is not None:
            await hass.async_add_executor_job(copy.discard)


async def _async_pause(call: ServiceCall) -> None:
    """Begin no more installs for now."""
    try:
        call.hass.data[ROLL_OUTS].async_pause()
    except SnapcamError as err:
        raise translated_error(err, "") from err


async def _async_resume(call: ServiceCall) -> None:
    """Go on with a roll-out that is paused or has stopped."""
    try:
        call.hass.data[ROLL_OUTS].async_resume()
    except SnapcamError as err:
        raise translated_error(err, "") from err


async def _async_abort(call: ServiceCall) -> None:
    """End a roll-out."""
    try:
        await call.hass.data[ROLL_OUTS].async_abort()
    except SnapcamError as err:
        raise translated_error(err, "") from err


def _plan(call: ServiceCall) -> Plan:
    """Return how the firmware is to be rolled out.

    Raises:
        ServiceValidationError: It could never begin.
    """
    data = call.data
    window = data.get(CONF_WINDOW)
    if window and window[CONF_START] == window[CONF_END]:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="window_never_open"
        )
    return Plan(
        first=data[CONF_FIRST],
        at_once=data[CONF_AT_ONCE],
        stop_after_failures=data[CONF_STOP_AFTER_FAILURES],
        pause=data[CONF_PAUSE_BETWEEN],
        window=window and (window[CONF_START], window[CONF_END]),
        wait_offline=data[CONF_WAIT_OFFLINE],
    )
