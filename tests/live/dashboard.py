"""The demo's dashboard: everything of each camera, at a glance."""

from .api import Api, Json

URL_PATH = "snapcam-demo"

TOGGLE = {"tap_action": {"action": "toggle"}}
PRESS = {"tap_action": {"action": "toggle"}, "hide_state": True}
STEPS = {
    "features": [{"type": "numeric-input", "style": "buttons"}],
    "features_position": "inline",
    "grid_options": {"columns": "full"},
    "hide_state": True,
}


async def create(api: Api, cameras: dict[str, dict[str, str]]) -> None:
    """Create the dashboard, and make it the page people see first.

    Args:
        api: The Home Assistant it is for.
        cameras: The entities of each camera by platform and key, by its name.
    """
    sections = [section(name, entities) for name, entities in cameras.items()]
    view = {"title": "Cameras", "type": "sections", "sections": sections}
    await api.command(
        "lovelace/dashboards/create",
        url_path=URL_PATH,
        title="SnapCam",
        icon="mdi:cctv",
    )
    await api.command(
        "lovelace/config/save",
        url_path=URL_PATH,
        config={"views": [view | {"max_columns": len(sections)}]},
    )
    await api.command(
        "frontend/set_system_data", key="core", value={"default_panel": URL_PATH}
    )


def section(name: str, entities: dict[str, str]) -> Json:
    """Return the cards of one camera."""
    picture = {
        "type": "picture-entity",
        "entity": entities["camera.snapshot"],
        "show_name": False,
        "show_state": False,
        "grid_options": {"columns": "full"},
    }
    return {
        "type": "grid",
        "cards": [
            heading(name, entities["binary_sensor.connectivity"]),
            picture,
            tile(entities["image.snapshot"], "Last picture", icon="mdi:clock-outline"),
            tile(entities["button.take_snapshot"], "Take snapshot") | PRESS,
            tile(entities["switch.io0"], "IO 0") | TOGGLE,
            tile(entities["switch.io1"], "IO 1") | TOGGLE,
            tile(entities["number.hb_interval"], "Heartbeat interval") | STEPS,
        ],
    }


def heading(name: str, connectivity: str) -> Json:
    """Return the title of a camera's cards, which tells whether it is there."""
    badge = {"type": "entity", "entity": connectivity, "state_content": "state"}
    return {
        "type": "heading",
        "heading": name,
        "icon": "mdi:cctv",
        "badges": [badge | {"show_state": True, "show_icon": True}],
    }


def tile(entity: str, name: str, **options: object) -> Json:
    """Return a card of one entity."""
    return {"type": "tile", "entity": entity, "name": name, **options}
