"""Constants of the SnapCam integration."""

from typing import Final

DOMAIN: Final = "snapcam"

CONF_SN: Final = "sn"
CONF_FORMER: Final = "former"
CONF_TOPICS: Final = "topics"
CONF_CAMERAS: Final = "cameras"
CONF_UP: Final = "up"
CONF_DOWN: Final = "down"
CONF_FILTER: Final = "filter"
CONF_TOKEN: Final = "token"  # noqa: S105
CONF_NEW_TOKEN: Final = "new_token"  # noqa: S105

CONF_ACCEPT_WRONG_CLOCK: Final = "accept_wrong_clock"
CONF_KEEP_DAYS: Final = "keep_days"
CONF_KEEP_COUNT: Final = "keep_count"
CONF_KEEP_MIB: Final = "keep_mib"
CONF_FILM_DAYS: Final = "film_days"
CONF_THIN_OUT: Final = "thin_out"
CONF_DELETE_PICTURES: Final = "delete_pictures"
CONF_FIRMWARE: Final = "firmware"
CONF_FILE: Final = "file"
CONF_PACKAGE_URL: Final = "package_url"
CONF_VERSION: Final = "version"
CONF_NOTES: Final = "release_notes"

DEFAULT_UP: Final = "snapcam/{sn}/up"
DEFAULT_DOWN: Final = "snapcam/{sn}/down"

DEFAULT_KEEP_DAYS: Final = 30
DEFAULT_KEEP_COUNT: Final = 5000
DEFAULT_KEEP_MIB: Final = 1024

UPLOAD_URL: Final = "/api/snapcam/upload/{token}"
FIRMWARE_URL: Final = "/api/snapcam/firmware/{token}/{filename}"
THUMBNAIL_URL: Final = "/api/snapcam/thumbnail/{sn}/{day}/{file}"
