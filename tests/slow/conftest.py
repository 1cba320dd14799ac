"""The servers of the slow tests: made as for the live tests, but not shared with them."""

from tests.live.conftest import (
    bare_home,
    broker,
    cameras,
    configure_event_loop,
    enable_custom_integrations,
    enable_event_loop_debug,
    folder,
    gate,
    home,
    network,
    verify_cleanup,
)

__all__ = [
    "bare_home",
    "broker",
    "cameras",
    "configure_event_loop",
    "enable_custom_integrations",
    "enable_event_loop_debug",
    "folder",
    "gate",
    "home",
    "network",
    "verify_cleanup",
]
