"""Pages about brokers, done as they say, here instead of in the folders of the system."""

import asyncio
import getpass
from pathlib import Path
import re

from tests.live.broker import MqttBroker, find_mosquitto
from tests.live.process import Server

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAME = re.compile(r"# (/\S+)\n")


def password(user: str) -> str:
    """Return the password of an account."""
    return f"the password of {user}"


async def follow(page: str, folder: Path, words: dict[str, str]) -> None:
    """Write the files of a page, add to those that are there, and run its commands.

    Args:
        page: Its text.
        folder: What stands for the folder of Mosquitto.
        words: What is in the page, and what it is here.
    """
    page = page.replace("chown mosquitto:", f"chown {getpass.getuser()}:")
    for there, here in ({"/etc/mosquitto": str(folder)} | words).items():
        assert there in page
        page = page.replace(there, here)
    for name in ("certs", "conf.d"):
        (folder / name).mkdir(exist_ok=True)
    blocks = BLOCK.findall(page)
    for content in (text for language, text in blocks if language == "conf"):
        path = Path(NAME.findall(content)[0])
        former = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(former + content, encoding="utf-8")
    for script in (text for language, text in blocks if language == "sh"):
        for command in re.split(r"(?<!\\)\n", script.strip()):
            await run(command, command.split()[-1])


async def run(command: str, user: str) -> None:
    """Run a command of the page, and type a password twice if it asks for one."""
    process = await asyncio.create_subprocess_shell(
        command, stdin=-1, stdout=-1, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await process.communicate(f"{password(user)}\n".encode() * 2)
    assert process.returncode == 0, output.decode()


async def start(folder: Path, *, plain: int, tls: int) -> MqttBroker:
    """Start the broker of a folder."""
    main = folder / "mosquitto.conf"
    main.write_text(f"user {getpass.getuser()}\ninclude_dir {folder}/conf.d\n")
    server = Server(
        "The broker", str(find_mosquitto()), "-c", main, log=folder / "broker.log"
    )
    broker = MqttBroker(server, camera_port=plain, home_port=tls)
    await broker.start()
    return broker
