"""What a video of stored pictures costs Home Assistant, beside ffmpeg with the same ones."""

import asyncio
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
import io
import os
from pathlib import Path
import shutil
import subprocess
import sys
from typing import Any, Final

from PIL import Image, ImageChops

from tests.live import flows
from tests.live.api import Api
from tests.live.cameras import Cameras, until_heard
from tests.live.home import Home
from tests.live.process import kib
from tests.simulator import draw_picture

from .latency import ping
from .meter import Meter
from .report import Ratio, Results
from .stage import restart, set_up

SN = "300000000001"
SIZE = (1280, 720)
SCENES = 48
"""So many different pictures of a day; the others are the same again."""

NOISE = 6
"""A picture of the simulator has none, and so is a quarter as large as a real one."""

SHORT, LONG = 200, 5000
ROUNDS = 3
PINGS_SECONDS = 30.0

FRAME, FFMPEG = "a frame, ms of processor time", "ffmpeg: a frame, ms of processor time"
SPEED, FFMPEG_SPEED = "a frame, ms", "ffmpeg: a frame, ms"
MEMORY = f"memory for {LONG} frames at most, MB"
LAG, QUIET_LAG = "ping p99 meanwhile, ms", "ping p99 before, ms"
FILE, FFMPEG_FILE = f"{SHORT} frames, MB", f"ffmpeg: {SHORT} frames, MB"
PICTURE, LOAD = "a picture, kB", "load of the machine, all that runs there"
LIMIT = "at most: "
TARGETS = {FRAME: 25, MEMORY: 80, LAG: 5}

# As near as can be to what the integration asks of the same encoder.
COMMAND: Final = (
    *("ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-threads", "1"),
    *("-framerate", "10", "-pattern_type", "glob", "-i", "*.jpg"),
    *("-c:v", "libx264", "-preset", "superfast", "-crf", "26", "-bf", "0"),
    *("-threads", "1", "-filter_threads", "1", "-pix_fmt", "yuv420p"),
    *("-movflags", "faststart"),
)


def ratios() -> list[Ratio]:
    """Return what is compared, and what it should be at most."""
    return [
        *(Ratio(what, LIMIT + what, 1.0) for what in TARGETS),
        Ratio(LAG, QUIET_LAG),
        Ratio(FRAME, FFMPEG),
        Ratio(SPEED, FFMPEG_SPEED),
        Ratio(FILE, FFMPEG_FILE),
    ]


async def run(folder: Path) -> Results:
    """Return what videos cost, by what that is."""
    results: Results = {}

    def note(what: str, value: float) -> None:
        results.setdefault(what, []).append(value)

    async with set_up(folder) as stage, AsyncExitStack() as stack:
        await restart(stage.home)
        cameras = Cameras(stage.broker.camera_port)
        stack.push_async_callback(cameras.stop_all)
        camera = await cameras.start(SN, hb_interval=360)
        await flows.add_camera(stage.home.api, SN)
        await until_heard(camera)
        meter = Meter(stage.home.pid)
        entity = (await stage.home.api.entities(SN))["camera.snapshot"]
        day = await asyncio.to_thread(hang_up, stage.home, SHORT)
        note(PICTURE, sum(x.stat().st_size for x in day.iterdir()) / SHORT / 1e3)
        await meter.until_quiet()
        await meter.calibrate()
        # PyAV and the encoder are part of what videos take.
        Path(f"/proc/{stage.home.pid}/clear_refs").write_text("5")
        memory = meter.kib()
        for number in range(ROUNDS + 1):
            measured: Results = {}
            await measure_short(stage.home, meter, entity, day, measured)
            # The first round loads PyAV, and fills caches.
            for what, values in measured.items() if number else ():
                note(what, *values)
            print(f"round {number}", file=sys.stderr)
        await asyncio.to_thread(hang_up, stage.home, LONG)
        await measure_long(stage.home, meter, entity, results)
        most = kib(stage.home.pid, "VmHWM") - memory
        note(MEMORY, most * 1024 / 1e6)
    return results | {LIMIT + what: [float(most)] for what, most in TARGETS.items()}


async def measure_short(
    home: Home, meter: Meter, entity: str, day: Path, results: Results
) -> None:
    """Make a short video, and have ffmpeg make the same one."""
    loop = asyncio.get_running_loop()
    await meter.until_quiet()
    before, started = meter.seconds(), loop.time()
    await create(home.api, entity, SHORT)
    results[FRAME] = [meter.net(before, started) / SHORT * 1e3]
    results[SPEED] = [(loop.time() - started) / SHORT * 1e3]
    (film,) = day.parent.glob("timelapse/*.mp4")
    results[FILE] = [film.stat().st_size / 1e6]
    other = home.config / "ffmpeg.mp4"
    started = loop.time()
    seconds = await asyncio.to_thread(run_ffmpeg, day, other)
    results[FFMPEG] = [seconds / SHORT * 1e3]
    results[FFMPEG_SPEED] = [(loop.time() - started) / SHORT * 1e3]
    results[FFMPEG_FILE] = [other.stat().st_size / 1e6]
    results[LOAD] = [os.getloadavg()[0]]


async def measure_long(home: Home, meter: Meter, entity: str, results: Results) -> None:
    """Make a long video, and see what the event loop has of it."""
    await meter.until_quiet()
    _, lag = await ping(home.api, PINGS_SECONDS)
    results[QUIET_LAG] = [lag]
    making = asyncio.create_task(create(home.api, entity, LONG))
    results[LAG] = []
    while not making.done():
        _, lag = await ping(home.api, PINGS_SECONDS)
        if not making.done():
            results[LAG].append(lag)
    await making
    results[LOAD].append(os.getloadavg()[0])


async def create(api: Api, entity: str, frames: int) -> None:
    """Have a video made, and wait for it."""
    answer: Any = await api.command(
        "call_service",
        domain="snapcam",
        service="create_timelapse",
        target={"entity_id": entity},
        service_data={"period": "yesterday"},
        return_response=True,
    )
    film = answer["response"][entity]
    assert (film["frames"], film["skipped"]) == (frames, 0)


def run_ffmpeg(folder: Path, film: Path) -> float:
    """Have ffmpeg make a video of a folder's pictures; return its processor time."""
    process = subprocess.Popen([*COMMAND, film], cwd=folder)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_utime + usage.ru_stime


def hang_up(home: Home, count: int) -> Path:
    """Put so many pictures where Home Assistant would have stored them yesterday."""
    yesterday = datetime.now().astimezone() - timedelta(days=1)
    folder = home.pictures(SN) / f"{yesterday:%Y-%m-%d}"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(folder.parent / "timelapse", ignore_errors=True)
    folder.mkdir(parents=True)
    midnight = yesterday.replace(hour=0, minute=0, second=0, microsecond=0)
    step = timedelta(days=1) / count
    drawn: dict[int, Path] = {}
    for number in range(count):
        taken_at = midnight + number * step
        path = folder / f"{taken_at:%H%M%S-%f}.jpg"
        scene = number * SCENES // count
        if scene in drawn:
            os.link(drawn[scene], path)
        else:
            path.write_bytes(draw(taken_at, scene))
            drawn[scene] = path
    return folder


def draw(taken_at: datetime, number: int) -> bytes:
    """Draw a picture as a real camera would see it: with noise."""
    picture = draw_picture(
        sn=SN, taken_at=taken_at, io0=0, io1=0, size=SIZE, counter=number
    )
    with Image.open(io.BytesIO(picture)) as image:
        noise = Image.effect_noise(SIZE, NOISE).convert("RGB")
        noisy = ImageChops.add(image.convert("RGB"), noise, offset=-128)
    written = io.BytesIO()
    noisy.save(written, "JPEG", quality=90)
    return written.getvalue()
