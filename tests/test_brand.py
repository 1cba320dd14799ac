"""The icon and the logo are what is drawn, and as Home Assistant wants them."""

from PIL import Image, ImageChops
import pytest

from tools.brand import FOLDER, images

THEMES = ["", "dark_"]


def load(name: str) -> Image.Image:
    """Return an image that is installed."""
    with Image.open(FOLDER / f"{name}.png") as image:
        image.load()
        return image


def test_images_are_what_is_drawn() -> None:
    """Who changes the drawing runs script/brand; nobody retouches its result."""
    drawn = images()
    assert {path.name for path in FOLDER.iterdir()} == drawn.keys()
    for name, image in drawn.items():
        kept = load(name.removesuffix(".png"))
        assert ImageChops.difference(image, kept).getbbox(alpha_only=False) is None


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("name", "shortest"),
    [("icon", 256), ("icon@2x", 512), ("logo", 128), ("logo@2x", 256)],
)
def test_sizes(theme: str, name: str, shortest: int) -> None:
    """The sizes are those that Home Assistant's own brands have."""
    image = load(theme + name)
    assert min(image.size) == shortest
    assert (image.width == image.height) == name.startswith("icon")
    assert (FOLDER / f"{theme}{name}.png").stat().st_size < 50_000


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", ["icon", "logo"])
def test_dense_screens_get_the_same(theme: str, name: str) -> None:
    """The image for dense screens has exactly twice the size."""
    width, height = load(theme + name).size
    assert load(f"{theme}{name}@2x").size == (2 * width, 2 * height)


@pytest.mark.parametrize("name", sorted(images()))
def test_images_are_transparent_and_trimmed(name: str) -> None:
    """Any background shows through, and no margin shrinks what there is to see."""
    image = load(name.removesuffix(".png"))
    assert image.mode == "RGBA"
    assert image.getbbox() == (0, 0, *image.size)
    assert image.getpixel((0, 0)) == (0, 0, 0, 0)


@pytest.mark.parametrize(("theme", "background"), [("", 255), ("dark_", 17)])
def test_logo_can_be_read(theme: str, background: int) -> None:
    """The lettering stands out from the background that it is made for."""
    letters = load(f"{theme}logo@2x").crop((290, 0, 1212, 256))
    solid = letters.getchannel("A").point(lambda alpha: 255 * (alpha == 255))
    shades = letters.convert("L").histogram(mask=solid)
    away = [abs(shade - background) for shade, count in enumerate(shades) if count]
    assert min(away) > 100
