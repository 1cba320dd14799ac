"""Every text people read is there, in each language, and none is left over."""

from collections.abc import Iterator
import json
from pathlib import Path
import re
from typing import Any

from homeassistant.components.camera import CameraState
from homeassistant.util.yaml import parse_yaml
import pytest

from custom_components.snapcam.delivery.delivery import DeliveryOption
from custom_components.snapcam.flows.camera_list import LineError
from custom_components.snapcam.flows.options import CONCERNED
from custom_components.snapcam.link.journal import CAMERA, HOME_ASSISTANT
from custom_components.snapcam.link.listening import Refusal
from custom_components.snapcam.pictures.inbox import SnapshotEventType
from custom_components.snapcam.protocol import Operate, SnapcamError

ROOT = Path(__file__).parents[1] / "custom_components/snapcam"
PLACEHOLDER = re.compile(r"{(\w+)}")
OPTIONS = "flows/options.py"
ADDING = (
    "config_flow.py",
    "flows/listen.py",
    "flows/many.py",
    "flows/preview.py",
    "flows/reconfigure.py",
    "flows/steps.py",
    "flows/topics.py",
)
FLOWS = (*ADDING, OPTIONS)
LANGUAGES = sorted(path.stem for path in (ROOT / "translations").glob("*.json"))

# What is the same in every language, and the words some of them share with English.
NAMES = {
    "SnapCam",
    "Home Assistant:",
    "{name}",
    "MQTT",
    "IO 0",
    "IO 1",
    "{name}, {time}",
}
SHARED = {
    "de": {"Firmware", "Label", "Version"},
    "es": {"Firmware"},
    "fr": {"Menu", "Options", "Version"},
    "nl": {"Camera", "Camera:", "Camera is online", "Firmware", "Label", "Menu"},
}

# Texts that send people to something by its name.
NAMING = [
    ("exceptions.no_upload_addr.message", "entity.text.upload_addr.name"),
    (
        "issues.hb_interval.fix_flow.step.confirm.description",
        "entity.number.hb_interval.name",
    ),
    (
        "issues.wrong_clock_past.fix_flow.step.confirm.description",
        "options.step.settings.data.accept_wrong_clock",
    ),
    ("issues.wrong_sn_http.description", "entity.select.delivery.name"),
    (
        "issues.wrong_sn_http.description",
        "entity.select.delivery.state.http_home_assistant",
    ),
]


def texts(language: str) -> dict[str, str]:
    """Return the texts of a language by their path."""

    def flatten(node: Any, path: str) -> dict[str, str]:
        match node:
            case dict():
                return {
                    key: text
                    for name, value in node.items()
                    for key, text in flatten(value, f"{path}.{name}").items()
                }
            case _:
                return {path.removeprefix("."): node}

    content = (ROOT / "translations" / f"{language}.json").read_text(encoding="utf-8")
    return flatten(json.loads(content), "")


def source(*names: str) -> str:
    """Return the text of modules."""
    paths = [ROOT / name for name in names] if names else ROOT.rglob("*.py")
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def keys(prefix: str, depth: int) -> set[str]:
    """Return the English keys below a prefix, to a depth."""
    return {
        ".".join(key.removeprefix(f"{prefix}.").split(".")[:depth])
        for key in texts("en")
        if key.startswith(f"{prefix}.")
    }


def test_languages() -> None:
    """No language is lost, and each new one is looked at by all of these tests."""
    assert LANGUAGES == ["de", "en", "es", "fr", "ja", "nl", "zh-Hans", "zh-Hant"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_keys(language: str) -> None:
    """A language with a key too few shows English, or worse the key."""
    assert texts(language).keys() == texts("en").keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_placeholders(language: str) -> None:
    """A placeholder that is not filled breaks the whole text."""
    for key, text in texts(language).items():
        expected = sorted(set(PLACEHOLDER.findall(texts("en")[key])))
        assert sorted(set(PLACEHOLDER.findall(text))) == expected, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_clean_texts(language: str) -> None:
    """No text is empty or has space around it."""
    for key, text in texts(language).items():
        assert text, key
        assert text == text.strip(), key


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_translated(language: str) -> None:
    """A text that was copied and forgotten shows as English among the others."""
    english = texts("en")
    same = {text for key, text in texts(language).items() if text == english[key]}
    assert same | NAMES == NAMES | SHARED.get(language, set())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("key", "named"), NAMING)
def test_names_in_texts(language: str, key: str, named: str) -> None:
    """A name that reads otherwise where it is looked for is not found."""
    assert texts(language)[named] in texts(language)[key]


def test_flow_steps() -> None:
    """Each step that is shown has its texts, and no other one has."""
    shown = set(re.findall(r'[( ]step_id="(\w+)"', source(*FLOWS)))
    assert keys("config.step", 1) | keys("options.step", 1) == shown


def test_flow_menus() -> None:
    """Each choice of a menu has its text."""
    for menu in re.findall(r"menu_options=\[([^]]+)]", source(*FLOWS)):
        for option in re.findall(r'"(\w+)"', menu):
            assert any(key.endswith(f"menu_options.{option}") for key in texts("en")), (
                option
            )


def test_flow_errors_and_aborts() -> None:
    """Each error and each reason to end has its text, and no other one has."""
    code = source(*ADDING)
    errors = re.findall(r'{(?:CONF_\w+|"base"): "(\w+)"}', code)
    assert keys("config.error", 1) == set(errors)
    reasons = set(re.findall(r'reason="(\w+)"', code))
    # Home Assistant's own helpers use these two.
    assert keys("config.abort", 1) == reasons | {
        "already_configured",
        "unique_id_mismatch",
    }
    named = re.findall(r'{(?:"base"|CONF_\w+): "(\w+)"}', source(OPTIONS))
    concerned = {error.translation_key for error in CONCERNED}
    assert keys("options.error", 1) == {*named, *concerned}
    progress = set(re.findall(r'progress_action="(\w+)"', code))
    assert keys("config.progress", 1) == progress


def test_refusals() -> None:
    """Each reason why something heard is no camera has its text."""
    assert keys("selector.refusal.options", 1) == set(Refusal)


def test_lines_of_a_list() -> None:
    """Each reason why a line of a list is no camera has its text."""
    assert keys("selector.list_line.options", 1) == set(LineError)


def test_words_of_messages() -> None:
    """Each message that a camera or Home Assistant may have sent has its text."""
    messages = {text for x in Operate for text in (f"{x}", f"{x}_rsp")}
    notes = {"accepted", "refused", "no_time", "wrong_clock", "other_sn", "nothing"}
    expected = messages | notes | {CAMERA, HOME_ASSISTANT}
    assert keys("selector.journal.options", 1) == expected


def errors_of(kind: type[SnapcamError]) -> Iterator[type[SnapcamError]]:
    """Return all kinds of an error that are raised, rather than only caught."""
    yield from (kind,) if hasattr(kind, "translation_key") else ()
    for leaf in kind.__subclasses__():
        yield from errors_of(leaf)


def test_exceptions() -> None:
    """Each error that is raised has its text, and no other one has."""
    raised = set(
        re.findall(r'translation_domain=DOMAIN,\s+translation_key="(\w+)"', source())
    )
    raised |= {error.translation_key for error in errors_of(SnapcamError)}
    assert keys("exceptions", 1) == raised


def test_panel() -> None:
    """Each text of the panel is used there, and each one that is used is there."""
    code = "\n".join(path.read_text("utf-8") for path in ROOT.rglob("*.js"))
    for key in keys("config_panel", 2):
        assert re.search(rf'["`.]{key.split(".")[1]}["`]', code), key
    for key in re.findall(r'\bget\("([\w.]+)"', code):
        assert key in keys("config_panel", 2), key


def test_issues() -> None:
    """Each repair issue has its text, and no other one has."""
    named = re.findall(
        r'^[A-Z_]+: Final = "(\w+)"$',
        source("issues.py", "firmware/install.py"),
        re.MULTILINE,
    )
    # It has a text for each way in which a clock is wrong.
    assert keys("issues", 1) == set(named) - {"wrong_clock"}


def test_entities() -> None:
    """Each entity has a name and an icon where its class gives none."""
    named = {
        "button",
        "event",
        "image",
        "number",
        "select",
        "sensor",
        "switch",
        "text",
        "update",
    }
    described = {
        f"{platform}.{key}"
        for platform in named
        for key in re.findall(r'translation_key="(\w+)"', source(f"{platform}.py"))
    }
    assert keys("entity", 2) == described | {
        "binary_sensor.connectivity",
        "binary_sensor.view",
        "camera.snapshot",
    }
    icons = json.loads((ROOT / "icons.json").read_text(encoding="utf-8"))["entity"]
    assert {f"{p}.{k}" for p, entity in icons.items() for k in entity} == described | {
        "camera.snapshot"
    }


def test_states() -> None:
    """Each option of the select and each type of event has its text.

    A camera without a stream is always idle, which says nothing of one that is silent.
    """
    assert keys("entity.camera.snapshot.state", 1) == {CameraState.IDLE}
    assert keys("entity.select.delivery.state", 1) == set(DeliveryOption)
    types = "entity.event.snapshot.state_attributes.event_type.state"
    assert keys(types, 1) == set(SnapshotEventType)


def test_selectors() -> None:
    """Each choice and each field of a selector has its text."""
    expected: set[str] = set()

    def collect(selector: dict[str, Any]) -> None:
        ((_, config),) = selector.items()
        key = (config or {}).get("translation_key")
        if key is None:
            return
        expected.update(
            f"{key}.options.{option}" for option in config.get("options", [])
        )
        expected.update(f"{key}.fields.{field}" for field in config.get("fields", {}))

    for kind in ("services", "triggers", "conditions"):
        described = parse_yaml((ROOT / f"{kind}.yaml").read_text(encoding="utf-8"))
        for description in described.values():
            for field in description.get("fields", {}).values():
                collect(field["selector"])
    assert expected
    assert expected <= keys("selector", 3)


def test_titles() -> None:
    """Each title in the media browser has its text, and no other one is there."""
    code = source("browsing/titles.py", "browsing/shelves.py")
    titles = set(re.findall(r'text\("(\w+)"\)|title_key="(\w+)"', code))
    calendar = {f"weekday_{day}" for day in range(1, 8)}
    calendar |= {f"month_{month}" for month in range(1, 13)}
    assert keys("common", 1) == {text or key for text, key in titles} | calendar


@pytest.mark.parametrize("kind", ["services", "triggers", "conditions"])
def test_automation(kind: str) -> None:
    """Each action, trigger and condition, and each field, has its text and its icon."""
    described = parse_yaml((ROOT / f"{kind}.yaml").read_text(encoding="utf-8"))
    expected = {
        f"{name}.{text}" for name in described for text in ("name", "description")
    }
    expected |= {
        f"{name}.fields.{field}.{text}"
        for name, description in described.items()
        for field in description.get("fields", {})
        for text in ("name", "description")
    }
    assert keys(kind, 4) == expected
    icons = json.loads((ROOT / "icons.json").read_text(encoding="utf-8"))[kind]
    assert {name: list(icon) for name, icon in icons.items()} == {
        name: [kind.removesuffix("s")] for name in described
    }
