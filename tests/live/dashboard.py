"""The demo's dashboard: everything of each camera, at a glance."""

from dataclasses import dataclass

from .api import Api, Json
from .texts import Texts

URL_PATH = "snapcam-demo"
WALL = "snapcam"
"""The panel, which shows all cameras."""

# Home Assistant knows what its entities are called, in its own language.
ENTITY = {"type": "entity"}

TOGGLE = {"tap_action": {"action": "toggle"}}
PRESS = {"tap_action": {"action": "toggle"}, "hide_state": True}
WIDE = {"grid_options": {"columns": "full"}}
INLINE = {"features_position": "inline", "hide_state": True} | WIDE
STEPS = {"features": [{"type": "numeric-input", "style": "buttons"}]} | INLINE
OPTIONS = {"features": [{"type": "select-options"}]} | INLINE


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A camera as the dashboard shows it."""

    sn: str
    name: str
    lines: list[tuple[str, str]]
    """What the lines move: a name and an icon each."""
    entities: dict[str, str]
    """By platform and key."""


@dataclass(frozen=True, kw_only=True)
class Trial:
    """An automation to try out, and the button that sets it off."""

    button: str
    automation: str


async def create(
    api: Api, texts: Texts, cameras: list[Shown], trials: list[Trial]
) -> None:
    """Create the dashboard, and make the wall the page people see first."""
    await api.command(
        "lovelace/dashboards/create",
        url_path=URL_PATH,
        title=texts.cameras,
        icon="mdi:cctv",
    )
    await api.command(
        "lovelace/config/save",
        url_path=URL_PATH,
        config={"views": [view(texts, cameras, trials)]},
    )
    await api.command(
        "frontend/set_system_data", key="core", value={"default_panel": WALL}
    )


def view(texts: Texts, cameras: list[Shown], trials: list[Trial]) -> Json:
    """Return the only page: the cameras side by side, and below what they are good for."""
    introduction = {
        "type": "markdown",
        "text_only": True,
        "content": texts.introduction,
    }
    return {
        "title": texts.cameras,
        "type": "sections",
        "max_columns": 2,
        "header": {"card": introduction, "layout": "start"},
        "sections": [
            *(grid(camera_cards(camera)) for camera in cameras),
            grid(trial_cards(texts, trials)),
            grid(history_cards(texts, cameras)),
        ],
    }


def grid(cards: list[Json]) -> Json:
    """Return a section of the page."""
    return {"type": "grid", "cards": cards}


def camera_cards(camera: Shown) -> list[Json]:
    """Return the cards of one camera."""
    entities = camera.entities
    # Unlike that of the camera entity, this picture is there as soon as it is taken.
    picture = {
        "type": "picture-entity",
        "entity": entities["image.snapshot"],
        "show_name": False,
        "show_state": False,
        "tap_action": pictures_of(camera),
    }
    lines = [
        tile(entities[f"switch.io{number}"], name, icon=icon) | TOGGLE
        for number, (name, icon) in enumerate(camera.lines)
    ]
    return [
        heading(camera.name, "mdi:cctv", entities["binary_sensor.connectivity"]),
        picture | WIDE,
        tile(entities["button.take_snapshot"], ENTITY) | PRESS,
        tile(entities["event.snapshot"], ENTITY),
        *lines,
        tile(entities["number.hb_interval"], ENTITY) | STEPS,
        tile(entities["select.delivery"], ENTITY) | OPTIONS,
        tile(entities["update.firmware"], ENTITY),
        tile(entities["sensor.last_boot"], ENTITY),
    ]


def trial_cards(texts: Texts, trials: list[Trial]) -> list[Json]:
    """Return a button for each automation, and the automation below it."""
    ran = ["state", "last_triggered"]
    return [
        heading(texts.try_it, "mdi:robot"),
        *(
            card
            for trial in trials
            for card in (
                tile(trial.button, ENTITY) | PRESS | WIDE,
                tile(trial.automation, ENTITY, state_content=ran) | WIDE,
            )
        ),
    ]


def history_cards(texts: Texts, cameras: list[Shown]) -> list[Json]:
    """Return the way to all pictures of each camera, and what they have reported."""
    events = [camera.entities["event.snapshot"] for camera in cameras]
    logbook = {"type": "logbook", "target": {"entity_id": events}, "hours_to_show": 24}
    return [
        heading(texts.history, "mdi:history"),
        *(
            tile(
                camera.entities["image.snapshot"],
                camera.name,
                show_entity_picture=True,
                tap_action=pictures_of(camera),
            )
            for camera in cameras
        ),
        logbook | WIDE,
    ]


def pictures_of(camera: Shown) -> Json:
    """Return what leads to all pictures of a camera."""
    return {"action": "navigate", "navigation_path": f"/{WALL}/{camera.sn}"}


def heading(text: str, icon: str, *badges: str) -> Json:
    """Return the title of a section, with entities beside it."""
    badge = {"type": "entity", "state_content": "state"}
    return {
        "type": "heading",
        "heading": text,
        "icon": icon,
        "badges": [badge | {"entity": entity} for entity in badges],
    }


def tile(entity: str, name: str | Json, **options: object) -> Json:
    """Return a card of one entity."""
    return {"type": "tile", "entity": entity, "name": name, **options}
