"""Constants of the SnapCam integration."""

from typing import Final

DOMAIN: Final = "snapcam"

CONF_SN: Final = "sn"
CONF_TOPICS: Final = "topics"
CONF_UP: Final = "up"
CONF_DOWN: Final = "down"
CONF_ACCEPT_WRONG_CLOCK: Final = "accept_wrong_clock"

DEFAULT_UP: Final = "snapcam/{sn}/up"
DEFAULT_DOWN: Final = "snapcam/{sn}/down"
