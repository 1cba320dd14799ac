"""Devices of Home Assistant's own MQTT integration, with as many entities as a camera."""

from typing import Any, Final

ENABLED: Final = 11
"""Entities of each, a camera's as well, without the three that are disabled."""

CONFIG: Final = {"entity_category": "config"}
DIAGNOSTIC: Final = {"entity_category": "diagnostic"}
DISABLED: Final = {"enabled_by_default": False}

COMPONENTS: Final[dict[str, dict[str, Any]]] = {
    "connectivity": {
        "p": "binary_sensor",
        "state_topic": "~/up",
        "value_template": "{{ 'ON' if value_json.operate == 'heartbeat' else 'OFF' }}",
        "expire_after": 150,
        "device_class": "connectivity",
        **DIAGNOSTIC,
    },
    "take_snapshot": {"p": "button", "command_topic": "~/take_snapshot"},
    "camera": {"p": "camera", "topic": "~/camera", "image_encoding": "b64"},
    "event": {"p": "event", "state_topic": "~/event", "event_types": ["uploaded"]},
    "image": {"p": "image", "image_topic": "~/image", "image_encoding": "b64"},
    "hb_interval": {
        "p": "number",
        "state_topic": "~/hb_interval",
        "command_topic": "~/set_hb_interval",
        "min": 15,
        "max": 360,
        **CONFIG,
    },
    "delivery": {
        "p": "select",
        "state_topic": "~/delivery",
        "command_topic": "~/set_delivery",
        "options": ["mqtt", "http_home_assistant", "http_other"],
        **CONFIG,
    },
    "last_boot": {
        "p": "sensor",
        "state_topic": "~/last_boot",
        "device_class": "timestamp",
        **DIAGNOSTIC,
    },
    "last_seen": {"p": "sensor", "state_topic": "~/up", **DIAGNOSTIC, **DISABLED},
    "clock_offset": {"p": "sensor", "state_topic": "~/up", **DIAGNOSTIC, **DISABLED},
    "io0": {"p": "switch", "state_topic": "~/io0", "command_topic": "~/set_io0"},
    "io1": {"p": "switch", "state_topic": "~/io1", "command_topic": "~/set_io1"},
    "upload_addr": {
        "p": "text",
        "state_topic": "~/upload_addr",
        "command_topic": "~/set_upload_addr",
        **CONFIG,
        **DISABLED,
    },
    "firmware": {
        "p": "update",
        "state_topic": "~/firmware",
        "command_topic": "~/set_firmware",
        **CONFIG,
    },
}


def discovery(sn: str) -> tuple[str, dict[str, Any]]:
    """Return the topic and the payload that make a device."""
    components = {
        key: {"~": f"devices/{sn}", "unique_id": f"{sn}_{key}", "name": key} | component
        for key, component in COMPONENTS.items()
    }
    return f"homeassistant/device/{sn}/config", {
        "device": {"identifiers": [sn], "name": sn, "serial_number": sn},
        "origin": {"name": "bench"},
        "components": components,
    }
