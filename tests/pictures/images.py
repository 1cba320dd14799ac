"""Views with things in them."""

from collections.abc import Callable
import io
from random import Random

from PIL import Image, ImageDraw

SIZE = (1280, 720)

type Change = Callable[[Image.Image], Image.Image]


def scene(seed: int = 1) -> Image.Image:
    """Return a view of its own with light and shade, large and small things."""
    random = Random(seed)
    picture = Image.new("RGB", SIZE, (110, 120, 130))
    draw = ImageDraw.Draw(picture)
    for side in (400, 200, 100, 40, 20, 10):
        for _ in range(8000 // side):
            x, y = random.randrange(SIZE[0]), random.randrange(SIZE[1])
            grey = random.randrange(30, 200)
            box = (x, y, x + random.randrange(side), y + random.randrange(side))
            draw.rectangle(box, fill=(grey, grey, grey + 20))
    return picture


def encode(picture: Image.Image, quality: int = 85) -> bytes:
    """Return a picture as a camera sends it."""
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=quality)
    return content.getvalue()


def with_object(share: float, grey: int = 20) -> Change:
    """Put something as high as two of its width into a picture."""
    width = round((share * SIZE[0] * SIZE[1] / 2) ** 0.5)

    def change(picture: Image.Image) -> Image.Image:
        changed = picture.copy()
        box = (700, 300, 700 + width, 300 + 2 * width)
        ImageDraw.Draw(changed).rectangle(box, fill=(grey, grey, grey))
        return changed

    return change
