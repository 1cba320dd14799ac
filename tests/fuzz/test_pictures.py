"""What the decoder makes of any data."""

from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress

from hypothesis import assume, given, strategies as st
import pytest

from custom_components.snapcam.protocol import (
    SnapcamPictureError,
    check_picture,
    decode_picture,
)

from .checks import check_data
from .seeds import PICTURES, pictures as seeds
from .strategies import pictures

PREFIXES = ["", "data:image/jpeg;base64,", "DATA:,", " data:;base64,\r\n"]
SPACES = st.text(" \t\r\n\v\f", max_size=4)
ALPHABET = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_= \t\r\n\v\f"
)
ENDS: list[Callable[[str], str]] = [str, lambda text: text.rstrip("=")]
LETTERS = [str.maketrans({}), str.maketrans("+/", "-_"), str.maketrans("+", "-")]


@given(
    st.binary()
    | st.text(ALPHABET).map(str.encode)
    | pictures
    | pictures.map(b64encode)
    | st.text().map(str.encode)
)
def test_any_data(content: bytes) -> None:
    """Whatever comes is a picture or is refused; nothing else is raised."""
    check_data(content)


@pytest.mark.parametrize("content", seeds())
def test_seed(content: bytes) -> None:
    """The properties hold where the search begins."""
    check_data(content)


@pytest.mark.parametrize("content", PICTURES)
def test_seed_is_a_picture(content: bytes) -> None:
    """The search begins with pictures, or it would find none."""
    assert check_picture(content).content == content


@given(
    pictures,
    st.sampled_from(PREFIXES),
    SPACES,
    st.integers(1, 80),
    st.sampled_from(["", "\n", "\r\n", "\r\r\n", "\n\n"]),
    st.sampled_from(ENDS),
    st.sampled_from(LETTERS),
)
def test_harmless_dressing(
    content: bytes,
    prefix: str,
    spaces: str,
    width: int,
    line_break: str,
    end: Callable[[str], str],
    letters: dict[int, int],
) -> None:
    """However base64 is written, the picture has the same bytes."""
    text = end(b64encode(content).decode()).translate(letters)
    lines = [text[i : i + width] for i in range(0, len(text), width)]
    dressed = line_break.join(lines) + line_break
    assert decode_picture(prefix + spaces + dressed).content == content


@given(
    pictures,
    st.sampled_from(["", "\n", "\r\n", " "]),
    st.integers(1, 80),
    st.sampled_from(ENDS),
    st.booleans(),
    st.sampled_from(["", " ", "   ", "\n", " \n"]),
)
def test_spaces_within(
    content: bytes,
    line_break: str,
    width: int,
    end: Callable[[str], str],
    lost: bool,
    behind: str,
) -> None:
    """A space is read as what it was, or the text is refused: no picture changes.

    Where some spaces are broken lines and others lost letters, nothing tells which.
    """
    assume(not (lost and line_break == " "))
    text = end(b64encode(content).decode())
    lines = [text[i : i + width] for i in range(0, len(text), width)]
    sent = line_break.join(lines)
    dressed = (sent.replace("+", " ") if lost else sent) + behind
    with suppress(SnapcamPictureError):
        assert decode_picture(dressed).content == content


@given(pictures, st.integers(0, 2**16), st.characters(exclude_characters=ALPHABET))
def test_damaged_base64(content: bytes, place: int, character: str) -> None:
    """One character that is none of base64 is never skipped over."""
    text = b64encode(content).decode()
    place %= len(text) + 1
    with pytest.raises(SnapcamPictureError):
        decode_picture(text[:place] + character + text[place:])
