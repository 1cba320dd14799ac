"""The broker that docs/security.md describes, built from that page and put to work."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
import getpass
from pathlib import Path
import shutil

import aiomqtt
import pytest

from tests.live import flows
from tests.live.broker import MqttBroker, find_mosquitto
from tests.live.cameras import Cameras
from tests.live.conftest import STEP, install, shared
from tests.live.home import Home
from tests.live.pages import follow, password, run, start
from tests.live.process import HOST, ROOT, Server, free_port

pytestmark = [
    *STEP,
    pytest.mark.skipif(
        find_mosquitto() is None or shutil.which("mosquitto_passwd") is None,
        reason="the page is about Mosquitto",
    ),
]

PAGE = ROOT / "docs/security.md"

HOME = "homeassistant"
GATE, YARD = "200000000001", "200000000002"

FORGED, HONEST = b"forged", b"honest"
SECRET, MEANT = b"secret", b"meant"


@dataclass(frozen=True, kw_only=True)
class Secured:
    """The broker of the page, with a listener without TLS and one with it."""

    broker: MqttBroker
    cafile: str

    def listener(self, *, tls: bool) -> dict[str, str]:
        """Return what to check the broker by, if it is to be checked."""
        return {"cafile": self.cafile} if tls else {}

    def port(self, *, tls: bool) -> int:
        """Return where the broker listens."""
        return self.broker.home_port if tls else self.broker.camera_port

    def connect(
        self,
        username: str | None,
        secret: str | None = None,
        *,
        tls: bool = False,
        cafile: str | None = None,
    ) -> aiomqtt.Client:
        """Return a connection of an account, with its password if no other is given."""
        return aiomqtt.Client(
            HOST,
            self.port(tls=tls),
            username=username,
            password=password(username) if username and secret is None else secret,
            tls_params=aiomqtt.TLSParameters(ca_certs=cafile) if tls else None,
        )


@shared
async def secured(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Secured]:
    """Do what the page says, here instead of in the folders of the system."""
    folder = tmp_path_factory.mktemp("secured")
    plain, tls = free_port(), free_port()
    await follow(
        PAGE.read_text(encoding="utf-8"),
        folder,
        {
            "192.168.1.10": HOST,
            "listener 1883": f"listener {plain} {HOST}",
            "listener 8883": f"listener {tls} {HOST}",
        },
    )
    broker = await start(folder, plain=plain, tls=tls)
    yield Secured(broker=broker, cafile=str(folder / "certs/ca.crt"))
    await broker.stop()


@shared
async def secured_home(
    secured: Secured, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Home]:
    """Run a Home Assistant that has logged in by TLS."""
    home = Home(tmp_path_factory.mktemp("home"), free_port(), name="Secured")
    try:
        await home.start()
        await home.api.create_owner("Tester", "tester", "tester")
        await home.until_running()
        end = await flows.add_mqtt(
            home.api,
            secured.port(tls=True),
            ca=Path(secured.cafile).read_bytes(),
            username=HOME,
            password=password(HOME),
        )
        assert end["type"] == "create_entry", end
        yield home
    finally:
        await home.close()


@pytest.mark.parametrize(("sn", "tls"), [(GATE, False), (YARD, True)])
async def test_camera_does_its_work(
    secured: Secured, secured_home: Home, sn: str, tls: bool
) -> None:
    """With its own account a camera is added, sends, and obeys, with TLS or without."""
    cameras = Cameras(
        secured.port(tls=tls),
        username=sn,
        password=password(sn),
        **secured.listener(tls=tls),
    )
    try:
        installed = await install(secured_home, cameras, sn, f"Camera {sn}")
        camera, api = installed.camera, secured_home.api
        answer = await camera.wait_answer(await camera.send_snapshot())
        assert answer["ret"] == 0
        await api.act("button.press", installed.entities["button.take_snapshot"])
        assert camera.received[-1]["cmd_data"] == {"type": "take_snapshot"}
        await api.act("switch.turn_on", installed.entities["switch.io1"])
        assert camera.io1 == 1
    finally:
        await cameras.stop_all()


async def test_camera_cannot_speak_for_another(secured: Secured) -> None:
    """What a camera's account says elsewhere is lost; what it may say next is not."""
    own = f"snapcam/{GATE}/up"
    elsewhere = [
        f"snapcam/{YARD}/up",
        f"snapcam/{YARD}/down",
        f"snapcam/{GATE}/down",
        f"snapcam/{GATE}",
        "homeassistant/switch/gate/config",
    ]
    async with secured.connect(HOME) as home, secured.connect(GATE) as gate:
        await home.subscribe("#", qos=1)
        for topic in elsewhere:
            await gate.publish(topic, FORGED, qos=1)
        await gate.publish(own, HONEST, qos=1)
        heard = await collect(home, HONEST, {FORGED, HONEST})
    assert heard == [own]


async def test_camera_cannot_read_what_is_for_another(secured: Secured) -> None:
    """A camera's account hears what is sent to it, whatever it asks to hear."""
    own = f"snapcam/{GATE}/down"
    others = [f"snapcam/{YARD}/down", f"snapcam/{YARD}/up", "homeassistant/status"]
    async with secured.connect(GATE) as gate, secured.connect(HOME) as home:
        for topic in ("#", "snapcam/+/down", *others, own):
            await gate.subscribe(topic, qos=1)
        for topic in others:
            await home.publish(topic, SECRET, qos=1)
        await home.publish(own, MEANT, qos=1)
        heard = await collect(gate, MEANT, {SECRET, MEANT})
    assert heard == [own]


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize(
    ("username", "secret"),
    [(GATE, "wrong"), (GATE, password(YARD)), ("200000000003", ""), (None, None)],
    ids=["wrong password", "another's password", "no account", "anonymous"],
)
async def test_log_in_is_refused(
    secured: Secured, username: str | None, secret: str | None, tls: bool
) -> None:
    """Nobody gets in without the password of an account."""
    client = secured.connect(username, secret, tls=tls, cafile=secured.cafile)
    with pytest.raises(aiomqtt.MqttError, match=r"(?i)not authori[sz]ed"):
        await client.__aenter__()


async def test_another_broker_is_noticed(secured: Secured) -> None:
    """Who does not trust the page's certificate does not tell a password."""
    client = secured.connect(GATE, tls=True)
    with pytest.raises(aiomqtt.MqttError, match="CERTIFICATE_VERIFY_FAILED"):
        await client.__aenter__()


async def test_accounts_that_were_made(secured_home: Home, tmp_path: Path) -> None:
    """The lines of *Create accounts* are what a broker takes, beside those of others.

    A camera comes in with its password, says and hears what is its own, and no more.
    """
    api, one, two = secured_home.api, "200000000008", "200000000009"
    flow = await flows.choose(api, await flows.start(api), "list")
    listed = await flows.submit(api, flow, cameras=f"{one}\n{two}", topics={})
    await flows.follow(api, await flows.choose(api, listed, "list_add"))
    made = await api.respond("snapcam.create_accounts", "all")
    secrets = {x["username"]: x["password"] for x in made["accounts"]}
    passwords, port = tmp_path / "passwords", free_port()
    passwords.write_text(made["password_file"])
    await run(f"mosquitto_passwd -b {passwords} {HOME} home", HOME)
    (tmp_path / "acl").write_text(f"user {HOME}\ntopic readwrite #\n{made['acl_file']}")
    (tmp_path / "mosquitto.conf").write_text(
        f"user {getpass.getuser()}\nlistener {port} {HOST}\nallow_anonymous false\n"
        f"password_file {passwords}\nacl_file {tmp_path}/acl\n"
    )
    server = Server(
        "The broker",
        str(find_mosquitto()),
        "-c",
        tmp_path / "mosquitto.conf",
        log=tmp_path / "broker.log",
    )
    broker = MqttBroker(server, camera_port=port, home_port=port)
    await broker.start()
    try:
        with pytest.raises(aiomqtt.MqttError, match=r"(?i)not authori[sz]ed"):
            await aiomqtt.Client(
                HOST, port, username=one, password=secrets[two]
            ).__aenter__()
        async with (
            aiomqtt.Client(HOST, port, username=HOME, password="home") as home,
            aiomqtt.Client(HOST, port, username=one, password=secrets[one]) as camera,
        ):
            await home.subscribe("#", qos=1)
            await camera.subscribe("#", qos=1)
            await camera.publish(f"snapcam/{two}/up", FORGED, qos=1)
            await camera.publish(f"snapcam/{one}/up", HONEST, qos=1)
            said = await collect(home, HONEST, {FORGED, HONEST})
            await camera.subscribe(f"snapcam/{one}/down", qos=1)
            await home.publish(f"snapcam/{two}/down", SECRET, qos=1)
            await home.publish(f"snapcam/{one}/down", MEANT, qos=1)
            heard = await collect(camera, MEANT, {SECRET, MEANT})
    finally:
        await broker.stop()
    assert set(said) == {f"snapcam/{one}/up"}
    assert set(heard) == {f"snapcam/{one}/down"}


async def collect(client: aiomqtt.Client, last: bytes, marked: set[bytes]) -> list[str]:
    """Return the topics of marked messages up to the last one."""
    topics = []
    async with asyncio.timeout(10):
        async for message in client.messages:
            if message.payload in marked:
                topics.append(message.topic.value)
            if message.payload == last:
                break
    return topics
