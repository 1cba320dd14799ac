"""The documentation as its tests read it: pages, blocks of code, headings, links."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
import re
import textwrap
from typing import Any

from homeassistant.util.yaml import parse_yaml

ROOT = Path(__file__).parents[1]
INTEGRATION = ROOT / "custom_components/snapcam"

READMES = {"en": "README.md", "zh-Hans": "README.zh-Hans.md"}
REFERENCES = {"en": "docs/reference.md", "zh-Hans": "docs/reference.zh-Hans.md"}
PROTOCOLS = {"en": "docs/protocol.md", "zh-Hans": "docs/protocol.zh-Hans.md"}
SECURITY = {"en": "docs/security.md", "zh-Hans": "docs/security.zh-Hans.md"}
REMOTE = {"en": "docs/remote.md", "zh-Hans": "docs/remote.zh-Hans.md"}
HUNDRED_THOUSAND = {
    "en": "docs/hundred-thousand.md",
    "zh-Hans": "docs/hundred-thousand.zh-Hans.md",
}
SCALING = {"en": "docs/scaling.md", "zh-Hans": "docs/scaling.zh-Hans.md"}
PAGES = [
    *READMES.values(),
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    *sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("docs/*.md")),
]

FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`[^`\n]+`")
HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"")


@dataclass(frozen=True)
class Block:
    """A block of code."""

    page: str
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        """Return where it is."""
        return f"{self.page}:{self.line}"

    @property
    def yaml(self) -> dict[str, Any]:
        """Return what is in it, unless it is something else."""
        value = parse_yaml(self.text) if self.language == "yaml" else {}
        assert isinstance(value, dict)
        return value


@cache
def read(page: str) -> str:
    """Return the text of a page."""
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str, *languages: str) -> list[Block]:
    """Return the blocks of a page, those in some languages or all."""
    text = read(page)
    found = (
        Block(
            page,
            text.count("\n", 0, match.start()) + 1,
            match[2],
            textwrap.dedent(match[3]),
        )
        for match in FENCE.finditer(text)
    )
    return [block for block in found if not languages or block.language in languages]


def prose(page: str) -> str:
    """Return the text of a page without its blocks."""
    return FENCE.sub("", read(page))


def manual(language: str) -> list[str]:
    """Return the pages for people who use it."""
    return [READMES[language], REFERENCES[language]]


def headings(page: str) -> list[tuple[int, str]]:
    """Return the headings of a page with their levels."""
    return [(len(level), text) for level, text in HEADING.findall(prose(page))]


def anchors(page: str) -> set[str]:
    """Return what a link to a part of the page can name, as GitHub makes it."""
    return {
        re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
        for _, text in headings(page)
    }


def links(page: str) -> list[str]:
    """Return where the links and pictures of a page lead."""
    return [a or b for a, b in LINK.findall(INLINE.sub("", prose(page)))]
