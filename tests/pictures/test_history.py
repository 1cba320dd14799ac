"""Pictures on disk: where they are, how long, and what if there is no room."""

from dataclasses import dataclass
from datetime import timedelta
import json
import os
from pathlib import Path
import shutil
from types import SimpleNamespace
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    MqttMockPahoClient,
)

from ..broker import Broker
from ..common import JPEG, PNG, pass_time, state, upload
from ..const import EVENT, IMAGE, OTHER_SN, SN, TOPICS
from ..files import jpeg, webp
from ..simulator import SimulatedCamera
from .common import shown

WEBP = webp(b"a third picture")
PICTURES = [JPEG.replace(b"a picture", b"%d" % number) for number in range(10)]

GIB = 1024**3


@dataclass(frozen=True)
class Gate:
    """The camera at the gate, and the folder its pictures are in."""

    hass: HomeAssistant
    broker: Broker
    entry: MockConfigEntry
    folder: Path

    async def take(self, *pictures: bytes, sn: str = SN) -> list[int]:
        """Have a camera upload pictures at once, and return what was answered."""
        self.broker.published.clear()
        for picture in pictures:
            self.broker.send(upload(picture, sn=sn), f"snapcam/{sn}/up")
        await self.broker.settle()
        answers = self.broker.messages("upload_snapshot_rsp")
        return [answer["ret"] for answer in answers]

    def stored(self) -> dict[str, bytes]:
        """Return what is in the folders of the days, the oldest first."""
        files = sorted(self.folder.glob("*/*"))
        return {str(file.relative_to(self.folder)): file.read_bytes() for file in files}

    def pictures(self) -> list[bytes]:
        """Return the bytes of what is stored, the oldest first."""
        return list(self.stored().values())

    async def reload(self, **options: Any) -> None:
        """Load the camera again, with other options."""
        self.hass.config_entries.async_update_entry(self.entry, options=options)
        assert await self.hass.config_entries.async_reload(self.entry.entry_id)
        await self.broker.settle()

    def issues(self) -> list[str]:
        """Return the repair issues of the integration."""
        issues = ir.async_get(self.hass).issues
        return [issue for domain, issue in issues if domain == "snapcam"]


@pytest.fixture
def gate(
    hass: HomeAssistant,
    media: Path,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
) -> Gate:
    """Return the camera, which has no picture yet."""
    return Gate(hass, broker, entry, media / "snapcam" / SN)


def fill_disk(
    monkeypatch: pytest.MonkeyPatch, free: int = 0, total: int = 100 * GIB
) -> None:
    """Leave so many bytes of the disk free."""
    usage = SimpleNamespace(total=total, used=total - free, free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)


async def set_up_another(hass: HomeAssistant) -> None:
    """Set up a second camera."""
    data = {"sn": OTHER_SN, **TOPICS}
    entry = MockConfigEntry(
        domain="snapcam", unique_id=OTHER_SN, title="Door", data=data
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)


@pytest.mark.parametrize(
    ("picture", "suffix"), [(JPEG, "jpg"), (PNG, "png"), (WEBP, "webp")]
)
@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("Asia/Shanghai", "2030-01-02/003005-000123"),
        ("America/New_York", "2030-01-01/113005-000123"),
    ],
)
async def test_layout(
    freezer: FrozenDateTimeFactory,
    gate: Gate,
    picture: bytes,
    suffix: str,
    zone: str,
    name: str,
) -> None:
    """People find a picture by the date and the time of where they are.

    Its bytes are the camera's, and its file has the time it was taken.
    """
    await gate.hass.config.async_set_time_zone(zone)
    freezer.move_to("2030-01-01 16:30:05.000123")
    assert await gate.take(picture) == [0]

    assert gate.stored() == {f"{name}.{suffix}": picture}
    status = (gate.folder / f"{name}.{suffix}").stat()
    assert status.st_mtime_ns == round(dt_util.utcnow().timestamp() * 1e6) * 1000


async def test_told_when_the_file_is_there(
    mqtt_client: MqttMockPahoClient, gate: Gate
) -> None:
    """The event says where the picture is; it and the answer come after the file."""
    there: dict[str, int] = {}
    publish = mqtt_client.publish.side_effect

    def note_publish(topic: str, payload: bytes, *args: Any) -> object:
        there[json.loads(payload)["operate"]] = len(gate.stored())
        return publish(topic, payload, *args)

    @callback
    def note_event(_: object) -> None:
        there["event"] = len(gate.stored())

    mqtt_client.publish.side_effect = note_publish
    unsubscribe = async_track_state_change_event(gate.hass, EVENT, note_event)
    await gate.take(PNG)
    unsubscribe()

    assert there == {"event": 1, "upload_snapshot_rsp": 1}
    (name,) = gate.stored()
    event = gate.hass.states.get(EVENT)
    assert event is not None
    assert event.attributes["event_type"] == "uploaded"
    assert event.attributes["url"] == f"/media/local/snapcam/{SN}/{name}"
    content_id = f"media-source://snapcam/{SN}/{name}"
    assert event.attributes["media_content_id"] == content_id


async def test_same_microsecond(freezer: FrozenDateTimeFactory, gate: Gate) -> None:
    """No picture overwrites another one, even if the clock stands still."""
    assert await gate.take(*PICTURES[:3]) == [0, 0, 0]

    assert gate.pictures() == PICTURES[:3]


async def test_keep_count(gate: Gate) -> None:
    """Exactly so many pictures are kept, the newest; a smaller number counts at once."""
    await gate.reload(keep_count=5)
    await gate.take(*PICTURES[:7])
    assert gate.pictures() == PICTURES[2:7]

    await gate.reload(keep_count=2)
    assert gate.pictures() == PICTURES[5:7]


async def test_keep_size(gate: Gate) -> None:
    """All pictures together fill the limit and no more, except for the newest alone."""
    await gate.reload(keep_mib=1)
    halves = [
        jpeg(str(number).encode().zfill(512 * 1024 - len(jpeg(b""))))
        for number in range(3)
    ]
    await gate.take(*halves[:2])
    assert gate.pictures() == halves[:2]

    await gate.take(halves[2])
    assert gate.pictures() == halves[1:]

    await gate.take(b"".join(halves))
    assert gate.pictures() == [b"".join(halves)]


async def test_keep_days(freezer: FrozenDateTimeFactory, gate: Gate) -> None:
    """Today's pictures and those of so many days before are kept, by local midnights.

    What is too old goes also if no new picture comes, but the newest never does.
    """
    await gate.hass.config.async_set_time_zone("Asia/Shanghai")
    await gate.reload(keep_days=2)
    tomorrow = dt_util.start_of_local_day(dt_util.now() + timedelta(days=1))
    freezer.move_to(tomorrow - timedelta(seconds=1))
    days = [(tomorrow + timedelta(days=day - 1)).date().isoformat() for day in range(4)]
    for picture in PICTURES[:4]:
        await gate.take(picture)
        freezer.tick(timedelta(days=1))
    assert sorted(os.listdir(gate.folder)) == days

    # One second before midnight, some hours after it, and much later.
    kept = []
    for seconds in (0, 3601, 3601, 1_000_000):
        await pass_time(gate.hass, gate.broker, freezer, seconds)
        kept.append(sorted(os.listdir(gate.folder)))
    assert kept == [days[1:], days[2:], days[3:], days[3:]]
    assert gate.pictures() == [PICTURES[3]]


async def test_keep_the_newest_when_summer_time_ends(
    freezer: FrozenDateTimeFactory, gate: Gate
) -> None:
    """A picture answered with 0 is there, even if the local clock has gone back."""
    await gate.hass.config.async_set_time_zone("Europe/Berlin")
    await gate.reload(keep_count=1)
    freezer.move_to("2030-10-27 00:59:00")
    await gate.take(PICTURES[0])
    freezer.tick(timedelta(minutes=2))
    assert await gate.take(PICTURES[1]) == [0]

    assert gate.pictures() == [PICTURES[1]]


async def test_foreign_files(gate: Gate) -> None:
    """What we have not written is neither counted nor removed."""
    day = gate.folder / "2020-01-01"
    foreign = [
        day / "120000-000000.jpg.bak",
        day / "holiday.jpg",
        gate.folder / "notes.txt",
        gate.folder / "album" / "120000-000000.jpg",
    ]
    for file in foreign:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(bytes(2 * 1024 * 1024))
    old = day / "120000-000000.jpg"
    old.write_bytes(JPEG)
    await gate.reload(keep_count=2, keep_mib=1, keep_days=36500)
    await gate.take(PICTURES[0])
    assert old.exists()

    await gate.take(PICTURES[1])
    assert not old.exists()
    assert all(file.exists() for file in foreign)
    assert set(PICTURES[:2]) < set(gate.pictures())


async def test_files_are_deleted_by_hand(gate: Gate) -> None:
    """What counts is what is there: no old picture goes for one a person deleted."""
    await gate.reload(keep_count=5)
    await gate.take(*PICTURES[:5])
    for file in sorted(gate.folder.glob("*/*"))[2:]:
        file.unlink()
        # People do not delete within the same tick of the disk's clock.
        os.utime(file.parent, (1, 1))
    assert await gate.take(*PICTURES[5:8]) == [0, 0, 0]
    assert gate.pictures() == PICTURES[:2] + PICTURES[5:8]

    await gate.take(PICTURES[8])
    assert gate.pictures() == PICTURES[1:2] + PICTURES[5:9]


@pytest.mark.parametrize("pattern", ["snapcam", SN, "????-??-??"])
async def test_folders_are_deleted_by_hand(
    gate: Gate, tmp_path: Path, pattern: str
) -> None:
    """Whole days or all pictures may go: the next one is stored, nothing complains."""
    for picture in PICTURES[:3]:
        assert await gate.take(picture) == [0]
        for folder in list(tmp_path.rglob(pattern)):
            shutil.rmtree(folder)
    await gate.reload()
    assert state(gate.hass, IMAGE) == "unknown"

    assert await gate.take(PICTURES[3]) == [0]
    assert gate.pictures() == [PICTURES[3]]
    assert gate.issues() == []


async def test_leftovers(gate: Gate, hass_client: ClientSessionGenerator) -> None:
    """What a power cut left half written goes at the next start, and is never shown."""
    await gate.take(JPEG)
    leftover = gate.folder / ".0123456789abcdef.tmp"
    leftover.write_bytes(PNG)
    await gate.reload()

    assert not leftover.exists()
    assert await shown(gate.hass, hass_client) == ("image/jpeg", JPEG)


@pytest.mark.parametrize(
    ("free", "total", "ret"),
    [
        (GIB - 1, 10 * GIB, 6),
        (GIB, 10 * GIB, 0),
        (5 * GIB - 1, 100 * GIB, 6),
        (5 * GIB, 100 * GIB, 0),
    ],
)
async def test_disk_is_nearly_full(
    gate: Gate,
    hass_client: ClientSessionGenerator,
    monkeypatch: pytest.MonkeyPatch,
    free: int,
    total: int,
    ret: int,
) -> None:
    """Others need 1 GiB and 5 % of the disk; the live picture still works."""
    fill_disk(monkeypatch, free, total)
    assert await gate.take(JPEG) == [ret]

    assert gate.pictures() == [JPEG] * (ret == 0)
    assert gate.issues() == ["storage_low"] * (ret == 6)
    assert await shown(gate.hass, hass_client) == ("image/jpeg", JPEG)


async def test_one_issue_for_all_cameras(
    freezer: FrozenDateTimeFactory,
    gate: Gate,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A full disk is mentioned once, until each camera has stored a picture again.

    What was refused before is no duplicate when it is sent again.
    """
    await set_up_another(gate.hass)
    fill_disk(monkeypatch)
    for sn in (SN, OTHER_SN, SN):
        assert await gate.take(JPEG, sn=sn) == [6]
    assert gate.issues() == ["storage_low"]
    assert caplog.text.count("Snapshots cannot be stored") == 1

    fill_disk(monkeypatch, free=50 * GIB)
    assert await gate.take(JPEG) == [0]
    assert gate.issues() == ["storage_low"]
    assert await gate.take(JPEG, sn=OTHER_SN) == [0]
    assert gate.issues() == []
    assert gate.pictures() == [JPEG]


async def test_issue_follows_the_disk_without_pictures(
    freezer: FrozenDateTimeFactory, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People hear of a full disk before a picture is lost, and within the hour."""
    await set_up_another(gate.hass)
    issues = []
    for free in (0, 0, 50 * GIB):
        fill_disk(monkeypatch, free)
        await pass_time(gate.hass, gate.broker, freezer, 3601)
        issues.append(gate.issues())

    assert issues == [["storage_low"], ["storage_low"], []]


async def test_issue_of_a_removed_camera(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The issue does not stay for a camera that is gone."""
    await set_up_another(gate.hass)
    fill_disk(monkeypatch)
    assert await gate.take(JPEG) == [6]
    assert await gate.hass.config_entries.async_remove(gate.entry.entry_id)
    fill_disk(monkeypatch, free=50 * GIB)
    assert await gate.take(JPEG, sn=OTHER_SN) == [0]

    assert gate.issues() == []
