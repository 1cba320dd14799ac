"""What the camera sees: a gate or a door (io0), a lamp (io1), the time."""

from datetime import datetime
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageFont, ImageOps

from .buildings import draw_gate, draw_lamp, draw_workshop
from .scenery import draw_land, draw_sky

COM_SEGMENT_MINIMUM = 4
COM_SEGMENT_MAXIMUM = 65537


def draw_picture(
    *,
    sn: str,
    taken_at: datetime,
    io0: int,
    io1: int,
    size: tuple[int, int],
    counter: int,
) -> bytes:
    """Draw the scene as a JPEG, always the same for the same arguments."""
    hour = taken_at.hour + taken_at.minute / 60
    scene, daylight = draw_sky(hour, Random(sn))
    draw_land(scene, daylight, Random(sn))
    # Cameras whose numbers follow one another look at different things.
    draw_building = (draw_workshop, draw_gate)[sum(sn.encode()) % 2]
    draw_building(scene, daylight, is_open=bool(io0))
    draw_lamp(scene, daylight, is_lit=bool(io1))
    picture = ImageOps.fit(scene, size, Image.Resampling.HAMMING)
    left = f"{sn}   {taken_at:%Y-%m-%d %H:%M:%S}"
    right = f"IO0 {'on' if io0 else 'off'}   IO1 {'on' if io1 else 'off'}   #{counter}"
    _draw_caption(picture, left, right)
    stream = BytesIO()
    picture.save(stream, "JPEG", quality=88)
    return stream.getvalue()


def pad_picture(jpeg: bytes, size_bytes: int) -> bytes:
    """Grow a JPEG to an exact size by comments, which decoders pass over.

    Raises:
        ValueError: The JPEG is larger, or too little smaller to hold a comment.
    """
    missing = size_bytes - len(jpeg)
    if missing and missing < COM_SEGMENT_MINIMUM:
        raise ValueError(f"{len(jpeg)} bytes cannot become {size_bytes}")
    comments = bytearray()
    while missing:
        length = min(missing, COM_SEGMENT_MAXIMUM)
        if 0 < missing - length < COM_SEGMENT_MINIMUM:
            length -= COM_SEGMENT_MINIMUM
        comments += b"\xff\xfe" + (length - 2).to_bytes(2) + bytes(length - 4)
        missing -= length
    return jpeg[:2] + comments + jpeg[2:]


def _draw_caption(picture: Image.Image, left: str, right: str) -> None:
    """Write two texts into a bar along the lower edge, as large as fits."""
    width, height = picture.size
    bar = max(12, height // 12)
    font = ImageFont.load_default(bar * 0.56)
    needed = font.getlength(f"{left}   {right}") + bar
    if needed > width:
        font = ImageFont.load_default(max(1, bar * 0.5 * width / needed))
    band = picture.crop((0, height - bar, width, height))
    shade = Image.new("RGB", band.size, (12, 16, 24))
    picture.paste(Image.blend(band, shade, 0.72), (0, height - bar))
    draw = ImageDraw.Draw(picture)
    middle = height - bar / 2
    draw.text((bar / 2, middle), left, (245, 247, 250), font, anchor="lm")
    draw.text((width - bar / 2, middle), right, (245, 247, 250), font, anchor="rm")
