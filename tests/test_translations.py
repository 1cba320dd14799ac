"""Every text people read is there, in each language, and none is left over."""

import json
from pathlib import Path
import re
from typing import Any

import pytest

ROOT = Path(__file__).parents[1] / "custom_components/snapcam"
PLACEHOLDER = re.compile(r"{(\w+)}")
LANGUAGES = sorted(path.stem for path in (ROOT / "translations").glob("*.json"))


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


def test_flow_steps() -> None:
    """Each step that is shown has its texts, and no other one has."""
    shown = set(re.findall(r'[( ]step_id="(\w+)"', source("config_flow.py")))
    assert keys("config.step", 1) | keys("options.step", 1) == shown


def test_flow_menus() -> None:
    """Each choice of a menu has its text."""
    for menu in re.findall(r"menu_options=\[([^]]+)]", source("config_flow.py")):
        for option in re.findall(r'"(\w+)"', menu):
            assert any(key.endswith(f"menu_options.{option}") for key in texts("en")), (
                option
            )


def test_flow_errors_and_aborts() -> None:
    """Each error and each reason to end has its text, and no other one has."""
    code = source("config_flow.py")
    errors = re.findall(r'{(?:CONF_SN|"base"): "(\w+)"}', code)
    assert keys("config.error", 1) == set(errors)
    reasons = set(re.findall(r'reason="(\w+)"', code))
    # Home Assistant's own helpers use these two.
    assert keys("config.abort", 1) == reasons | {
        "already_configured",
        "unique_id_mismatch",
    }
    progress = set(re.findall(r'progress_action="(\w+)"', code))
    assert keys("config.progress", 1) == progress


def test_exceptions() -> None:
    """Each error that is raised has its text, and no other one has."""
    raised = set(re.findall(r'translation_key="(\w+)"', source("__init__.py")))
    raised |= set(re.findall(r'Error: "(\w+)"', source("helpers.py")))
    assert keys("exceptions", 1) == raised


def test_entities() -> None:
    """Each entity has a name and an icon where its class gives none."""
    platforms = {path.stem for path in ROOT.glob("*.py")}
    described = {
        f"{platform}.{key}"
        for platform in platforms & {"button", "image", "number", "sensor", "switch"}
        for key in re.findall(r'translation_key="(\w+)"', source(f"{platform}.py"))
    }
    assert keys("entity", 2) == described | {"binary_sensor.connectivity"}
    icons = json.loads((ROOT / "icons.json").read_text(encoding="utf-8"))["entity"]
    assert {f"{p}.{k}" for p, entity in icons.items() for k in entity} == described | {
        "camera.snapshot"
    }
