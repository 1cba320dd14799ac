"""The pictures of the documentation."""

from PIL import Image

from .browser.screenshots import FOLDER, PICTURES, file_name
from .live.texts import LANGUAGES

BYTES = 150_000
WIDTH = 1280


def test_each_picture_is_there_in_each_language() -> None:
    """None is missing, left over, too heavy or too wide: script/screenshots makes them."""
    wanted = {
        f"{file_name(name, texts)}.png"
        for name in PICTURES
        for texts in LANGUAGES.values()
    }
    paths = list(FOLDER.iterdir())
    assert {path.name for path in paths} == wanted
    assert all(path.stat().st_size < BYTES for path in paths)
    assert all(Image.open(path).width <= WIDTH for path in paths)
