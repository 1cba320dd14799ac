"""The documentation: commands exist, links lead somewhere, both languages say the same.

Its examples are run in `tests/examples`; its words are those of the UI: `test_docs_words.py`.
"""

from itertools import pairwise
import os
from pathlib import Path
import re
import shlex
import subprocess
from urllib.parse import parse_qs, urlsplit

from homeassistant.util.yaml import parse_yaml
import pytest

from custom_components.snapcam.protocol import Ret

from .docs import (
    HUNDRED_THOUSAND,
    INLINE,
    INTEGRATION,
    PAGES,
    PROTOCOLS,
    READMES,
    REFERENCES,
    REMOTE,
    ROOT,
    SCALING,
    SECURITY,
    anchors,
    blocks,
    headings,
    links,
    manual,
    prose,
    read,
)
from .simulator.__main__ import parse_arguments

REPOSITORY = "https://github.com/snapcam/snapcam"
MY = "https://my.home-assistant.io/redirect"

TEMPLATES = [path.relative_to(ROOT).as_posix() for path in ROOT.glob(".github/*/*.yml")]

# What blocks there may be on a page; what is not here has no test yet.
CHECKED = {
    "README.md": {"sh", "yaml"},
    "README.zh-Hans.md": {"sh", "yaml"},
    "CONTRIBUTING.md": {"sh", "python", "json"},
    "docs/protocol.md": {"sh", "json"},
    "docs/protocol.zh-Hans.md": {"sh", "json"},
    "docs/reference.md": {"yaml"},
    "docs/reference.zh-Hans.md": {"yaml"},
    "docs/remote.md": {"sh", "conf"},
    "docs/remote.zh-Hans.md": {"sh", "conf"},
    "docs/scaling.md": {"yaml"},
    "docs/scaling.zh-Hans.md": {"yaml"},
    "docs/security.md": {"sh", "conf"},
    "docs/security.zh-Hans.md": {"sh", "conf"},
}

BY_STAND_INS = {"ADDRESS=", "printf", "curl", "mosquitto_pub", "mosquitto_sub"}
BY_A_BROKER = {"mosquitto_passwd", "openssl", "chown", "chmod"}

# Commands that are not ours, by the page they are on, and why they are not run here.
OTHERS = {
    # GitHub's checkout does the same before each run of the tests.
    "README.md": {"git", "cd"},
    "README.zh-Hans.md": {"git", "cd"},
    # Run by tests/examples.
    "docs/protocol.md": BY_STAND_INS,
    "docs/protocol.zh-Hans.md": BY_STAND_INS,
    # Run by tests/live/test_security.py and test_bridge.py, with the blocks of `conf`.
    "docs/remote.md": BY_A_BROKER,
    "docs/remote.zh-Hans.md": BY_A_BROKER,
    "docs/security.md": BY_A_BROKER,
    "docs/security.zh-Hans.md": BY_A_BROKER,
}

# Home Assistant's frontend takes these to the pages they name.
REDIRECTS = {
    "blueprint_import",
    "config_flow_start",
    "config_mqtt",
    "developer_call_service",
    "hacs_repository",
}

# Names of the examples in Chinese, and the same in English.
TRANSLATED = {
    "qian_men": "front_gate",
    "che_jian": "workshop",
    " --language zh-Hans": "",
}
TEXTS = {"alias", "heading", "message", "name"}

LANGUAGES = pytest.mark.parametrize("language", READMES)
PAIRS = pytest.mark.parametrize(
    "pages",
    [
        READMES,
        REFERENCES,
        PROTOCOLS,
        SECURITY,
        SCALING,
        HUNDRED_THOUSAND,
        REMOTE,
    ],
    ids=[
        "readme",
        "reference",
        "protocol",
        "security",
        "scaling",
        "hundred-thousand",
        "remote",
    ],
)


WORDS_FOR_FOUR_MINUTES = 1000


@pytest.mark.parametrize("page", PAGES)
def test_no_block_is_left_out(page: str) -> None:
    """Each block of code is of a kind that is run or checked by a test."""
    assert {block.language for block in blocks(page)} == CHECKED.get(page, set())
    assert read(page).count("```") == 2 * len(blocks(page))


@LANGUAGES
def test_no_example_is_left_out(language: str) -> None:
    """Each example is an automation, a card or a command, which are all run."""
    for page in manual(language):
        for block in blocks(page, "yaml"):
            assert (
                len(block.yaml.keys() & {"triggers", "type", "shell_command"}) == 1
            ), block


def test_readme_is_short() -> None:
    """A newcomer reads it in four minutes: code and HTML are not counted."""
    text = re.sub(r"<[a-z][^>]*>", "", prose("README.md"))
    assert len(text.split()) <= WORDS_FOR_FOUR_MINUTES


def commands(page: str) -> list[str]:
    """Return the commands of a page: those in blocks, and our own within the text."""
    texts = [block.text for block in blocks(page, "sh")]
    texts += [
        code.strip("`")
        for code in INLINE.findall(prose(page))
        if code.startswith("`script/")
    ]
    lines = "\n".join(texts).replace("\\\n", "")
    return [x.strip() for x in re.split(r"&&|\|?\n", lines) if x]


@pytest.mark.parametrize("page", PAGES)
def test_commands(page: str) -> None:
    """A command is one of ours with arguments it takes, or known to be tested."""
    for command in commands(page):
        if command.startswith("script/"):
            check_script(*shlex.split(command))
        else:
            assert re.sub(r"=.*", "=", command.split()[0]) in OTHERS[page], command


def check_script(name: str, *arguments: str) -> None:
    """Check that a script is there, and says that it takes these arguments."""
    assert os.access(ROOT / name, os.X_OK), name
    subprocess.run(["bash", "-n", ROOT / name], check=True)
    usage = read(name).partition("\nset -")[0]
    match [name, *arguments]:
        case ["script/simulate", "--help"]:
            """It is what says so of the others."""
        case ["script/simulate", *_]:
            parse_arguments([*arguments])
        case ["script/test", *_]:
            assert "[pytest arguments]" in usage
            paths = [x for x in arguments if x.startswith("tests/")]
            assert all((ROOT / path).exists() for path in paths), paths
        case _:
            for option in (x for x in arguments if x.startswith("--")):
                assert option in usage, f"{name} {option}"
            places = re.findall(r"(?<= )(?:[A-Z]{2,}|\[[a-z]+\])", usage)
            values = [
                value
                for before, value in pairwise(("", *arguments))
                if not before.startswith("--") and not value.startswith("--")
            ]
            assert len(values) <= len(places), f"{name} {values}"


@pytest.mark.parametrize("page", [*PAGES, *TEMPLATES])
def test_links(page: str) -> None:
    """A link within the project leads somewhere, and so does one into Home Assistant."""
    for link in links(page):
        if link in pictures(page):
            continue
        url = urlsplit(link)
        if link.startswith(MY):
            check_redirect(url.path.split("/")[2], parse_qs(url.query))
        elif url.scheme:
            assert url.scheme == "https", link
            if link.startswith(f"{REPOSITORY}#") and url.fragment != "readme":
                assert url.fragment in anchors("README.md"), link
        else:
            path = Path(ROOT, page).parent / url.path if url.path else ROOT / page
            assert path.exists(), link
            if url.fragment:
                name = path.resolve().relative_to(ROOT.resolve()).as_posix()
                assert url.fragment in anchors(name), link


def pictures(page: str) -> list[str]:
    """Return the pictures of a page that are in the project."""
    return [x for x in links(page) if x.endswith(".png") and "://" not in x]


@pytest.mark.parametrize(
    ("page", "path"), [(page, path) for page in PAGES for path in pictures(page)]
)
def test_pictures(page: str, path: str) -> None:
    """A picture is there."""
    assert Path(ROOT, page).parent.joinpath(path).is_file()


def check_redirect(name: str, query: dict[str, list[str]]) -> None:
    """Check that a link into people's Home Assistant opens what there is."""
    assert name in REDIRECTS
    match name, query:
        case "blueprint_import", {"blueprint_url": [address]}:
            path = address.removeprefix(f"{REPOSITORY}/blob/main/")
            assert (ROOT / path).is_file(), address
        case "hacs_repository", _:
            where = {"owner": ["snapcam"], "repository": ["snapcam"]}
            assert query == where | {"category": ["integration"]}
        case "config_flow_start", {"domain": [domain]}:
            assert domain in {"snapcam", "mqtt"}
        case _:
            assert query == {}


@PAIRS
def test_the_same_in_both_languages(pages: dict[str, str]) -> None:
    """Both say the same: the same outline, code, links and pictures."""
    english, chinese = pages.values()

    def outline(page: str) -> list[int]:
        return [level for level, _ in headings(page)]

    def addresses(page: str) -> list[str]:
        # Some blueprints are there in Chinese, too.
        return [
            link.replace(".zh-Hans.yaml", ".yaml")
            for link in links(page)
            if "://" in link
        ]

    assert outline(chinese) == outline(english)
    assert addresses(chinese) == addresses(english)
    assert pictures(chinese) == [
        path.replace(".png", ".zh-Hans.png") for path in pictures(english)
    ]
    assert read(english).count("\n|") == read(chinese).count("\n|")
    pairs = zip(blocks(english), blocks(chinese), strict=True)
    for mine, theirs in pairs:
        assert theirs.language == mine.language
        text = theirs.text
        for word, same in TRANSLATED.items():
            text = text.replace(word, same)
        assert without_texts(text) == without_texts(
            mine.text.replace(" --language zh-Hans", "")
        ), theirs


def without_texts(text: str) -> str:
    """Return an example without what people read in it."""
    text = re.sub(rf"\b({'|'.join(TEXTS)}): .*", r"\1:", text)
    # A comment that is a path says where the block belongs.
    return re.sub(r"^# [^/].*", "#", text, flags=re.MULTILINE)


def test_quality_scale() -> None:
    """Each rule for the documentation is kept by a section of the manual."""
    text = (INTEGRATION / "quality_scale.yaml").read_text(encoding="utf-8")
    rules = {
        rule: claim
        for rule, claim in parse_yaml(text)["rules"].items()
        if rule.startswith("docs-")
    }
    assert len(rules) > 10
    for rule, claim in rules.items():
        page, _, anchor = claim["comment"].partition("#")
        assert page in manual("en"), rule
        assert anchor in anchors(page), rule


def test_map_of_the_code() -> None:
    """Each room is on the map, and nothing that is not there."""
    rooms = {f"{path.parent.name}/" for path in INTEGRATION.glob("*/__init__.py")}
    chapter = prose("CONTRIBUTING.md").split("## A map of the code")[1]
    chapter = chapter.split("\n## ")[0]
    assert set(re.findall(r"`(\w+/)`", chapter)) == rooms
    names = re.findall(r"`([\w/]+\.py)`", chapter)
    assert len(names) > 20
    assert [name for name in names if not (INTEGRATION / name).exists()] == []


@pytest.mark.parametrize("page", PROTOCOLS.values())
def test_return_values(page: str) -> None:
    """Each value that Home Assistant answers with is told."""
    rows = re.findall(r"^\| (\d) \|", prose(page), re.MULTILINE)
    assert [int(row) for row in rows] == list(Ret)


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_left_open(page: str) -> None:
    """No figure is still to be determined."""
    assert "TBD" not in read(page)
