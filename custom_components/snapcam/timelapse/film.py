"""Make a video of pictures. Everything here blocks, and takes long.

PyAV is the one that Home Assistant's stream integration requires. It is loaded when it
is first needed: it is large, and a Home Assistant may be without it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
import io
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from PIL import Image, ImageDraw, ImageFont, ImageOps

from ..pictures.opening import FORMATS, UNREADABLE, reduce
from .errors import (
    SnapcamFilmFailedError,
    SnapcamFilmStoppedError,
    SnapcamNoEncoderError,
    SnapcamTooFewPicturesError,
)

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import OutputContainer
    from av.video.stream import VideoStream

MAX_HEIGHT: Final = 1080
"""What every phone plays; the picture that is shown large is the picture itself."""

LOOK_EVERY: Final = 50
"""After so many frames it is looked whether there is still room."""

_BT709: Final = 1
_LIMITED: Final = 1

type Size = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Encoder:
    """Something that makes a video, with what makes it quick."""

    codec: str
    container: str
    suffix: str
    options: dict[str, str]
    container_options: dict[str, str] = field(default_factory=dict)


ENCODERS: Final = (
    Encoder(
        codec="libx264",
        container="mp4",
        suffix=".mp4",
        options={"preset": "superfast", "crf": "26", "bf": "0"},
        container_options={"movflags": "faststart"},
    ),
    Encoder(
        codec="libvpx",
        container="webm",
        suffix=".webm",
        options={"deadline": "realtime", "cpu-used": "8", "crf": "20", "b": "8M"},
    ),
)


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One frame to be: the file of a picture, and what is written on it."""

    path: Path
    caption: str | None = None


def find_encoder() -> Encoder:
    """Return the best encoder there is.

    Raises:
        SnapcamNoEncoderError: There is none.
    """
    av = _load()
    for encoder in ENCODERS:
        try:
            av.codec.Codec(encoder.codec, "w")
        except av.codec.codec.UnknownCodecError:
            continue
        return encoder
    raise SnapcamNoEncoderError("no encoder")


def encode(
    shots: Sequence[Shot],
    path: Path,
    encoder: Encoder,
    *,
    fps: Fraction,
    height: int | None,
    look: Callable[[], None],
    tell: Callable[[int], None],
    is_stopped: Callable[[], bool],
) -> int:
    """Write a video to a new file, and return how many frames it has.

    Args:
        shots: The pictures. What cannot be read of them is left out.
        path: The file.
        encoder: One of those there are.
        fps: How many pictures a second shows.
        height: At most so many pixels; None for what the pictures have.
        look: Raises if it should not go on.
        tell: Is told how many percent are done.
        is_stopped: Tells that nobody wants it any more.

    Raises:
        SnapcamTooFewPicturesError: Fewer than two pictures can be read.
        SnapcamFilmStoppedError: It was stopped.
        SnapcamFilmFailedError: The encoder has failed.
        OSError: It cannot be written.
    """
    size = _film_size([shot.path for shot in shots], height or MAX_HEIGHT)
    frames = 0

    def pictures() -> Iterator[Image.Image]:
        for number, shot in enumerate(shots):
            if is_stopped():
                raise SnapcamFilmStoppedError("stopped")
            tell(100 * number // len(shots))
            if number % LOOK_EVERY == 0:
                look()
            if (picture := _picture(shot, size)) is not None:
                yield picture

    try:
        with path.open("xb") as file, _container(file, path, encoder) as container:
            stream = _stream(container, encoder, fps, size)
            for frames, picture in enumerate(pictures(), start=1):
                frame = _frame(picture)
                frame.pts = frames - 1
                container.mux(stream.encode(frame))
            if frames < 2:
                raise SnapcamTooFewPicturesError("too few pictures")
            container.mux(stream.encode(None))
    except _load().FFmpegError as err:
        raise SnapcamFilmFailedError(err.strerror or "FFmpeg") from err
    return frames


def _load() -> ModuleType:
    """Return PyAV.

    Raises:
        SnapcamNoEncoderError: It is not installed.
    """
    try:
        import av  # noqa: PLC0415
    except ImportError as err:
        raise SnapcamNoEncoderError("no PyAV") from err
    return av


def _container(file: BinaryIO, path: Path, encoder: Encoder) -> OutputContainer:
    """Return what keeps frames together in a file.

    It is given an open file, so that what the disk says is raised as it is.
    """

    def reopen(*_: object) -> BinaryIO:
        # To put at its start what players ask for first.
        file.flush()
        return path.open("rb")

    container: OutputContainer = _load().open(
        file,
        "w",
        format=encoder.container,
        options=encoder.container_options,
        io_open=reopen,
    )
    return container


def _stream(
    container: OutputContainer, encoder: Encoder, fps: Fraction, size: Size
) -> VideoStream:
    """Return where frames go, all of one size."""
    stream: Any = container.add_stream(encoder.codec, fps, encoder.options)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    # The rest of the processor is for Home Assistant.
    context.thread_count = 1
    context.colorspace = context.color_primaries = context.color_trc = _BT709
    context.color_range = _LIMITED
    video: VideoStream = stream
    return video


def _frame(picture: Image.Image) -> VideoFrame:
    """Return a picture as encoders want it."""
    frame: VideoFrame = _load().VideoFrame.from_image(picture)
    return frame.reformat(
        format="yuv420p", dst_colorspace="ITU709", dst_color_range=_LIMITED, threads=1
    )


def _film_size(paths: Sequence[Path], height: int) -> Size:
    """Return the most frequent size, made smaller if need be, in even pixels.

    Raises:
        SnapcamTooFewPicturesError: No picture can be read.
    """
    sizes = Counter(_sizes(paths))
    if not sizes:
        raise SnapcamTooFewPicturesError("no picture")
    (size, _), *_ = sizes.most_common(1)
    share = min(1.0, height / size[1])
    width, height = (max(2, round(pixels * share / 2) * 2) for pixels in size)
    return width, height


def _sizes(paths: Sequence[Path]) -> Iterator[Size]:
    """Return the sizes of pictures, of which only the beginning is read."""
    for path in paths:
        try:
            with Image.open(path, formats=FORMATS) as image:
                yield image.size
        except (*UNREADABLE, OSError, ValueError):
            continue


def _picture(shot: Shot, size: Size) -> Image.Image | None:
    """Return a picture in a size, with bars if it needs some; None if it is damaged."""
    try:
        # One read is one wait for the disk.
        content = io.BytesIO(shot.path.read_bytes())
        with Image.open(content, formats=FORMATS) as image:
            reduce(image, "RGB", size)
            picture = image.convert("RGB")
    except (*UNREADABLE, OSError, ValueError):
        return None
    if picture.size != size:
        picture = ImageOps.pad(picture, size, Image.Resampling.BILINEAR)
    if shot.caption is not None:
        _write(picture, shot.caption)
    return picture


def _write(picture: Image.Image, caption: str) -> None:
    """Write a text in the lower left corner, to be read on light and dark."""
    letter = max(10, picture.height // 30)
    ImageDraw.Draw(picture).text(
        (letter / 2, picture.height - letter / 2),
        caption,
        fill="white",
        font=ImageFont.load_default(letter),
        anchor="ls",
        stroke_width=max(1, letter // 12),
        stroke_fill="black",
    )
