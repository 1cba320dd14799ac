"""A window of the browser: what is seen there, and what goes wrong behind it."""

from pathlib import Path
import re

from playwright.async_api import (
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Response,
    expect,
)

from tests.live.process import ROOT

FOLDER = ROOT / "build/browser"
SECONDS = 40.0
"""How long to wait for anything: a slow machine has the time it needs."""

"""The title of a day in the media browser."""

# Everything in the frontend is in a shadow root of something else.
TEXT = """root => {
  const words = [];
  const read = node => {
    if (node.nodeType === Node.TEXT_NODE) words.push(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    if (getComputedStyle(node).display === "none") return;
    const slotted = node.localName === "slot" ? node.assignedNodes() : [];
    const inside = node.shadowRoot ?? node;
    for (const child of slotted.length ? slotted : inside.childNodes) read(child);
  };
  read(root);
  return words.join(" ").replace(/\\s+/g, " ");
}"""

# What is left of a text that is not there: its key, or a place nobody filled in. The
# names of the protocol's fields are no keys.
KEY = re.compile(
    r"component\.snapcam\S*"
    r"|(?<![\w./{}-])(?!(?:upload_type|upload_addr|hb_interval|run_time|cmd_data)\b)"
    r"[a-z0-9]+(?:_[a-z0-9]+)+(?![\w./{}-])"
    r"|\bundefined\b|\[object \w+\]|Translation error\S*"
)

# There may be no network, from where the images of others come.
OTHERS_BRAND = re.compile(r"/api/brands/(?!integration/snapcam/)")


class Window:
    """A window somebody has logged in with."""

    def __init__(self, page: Page, url: str, name: str) -> None:
        """Initialize with an empty page, the address of a Home Assistant and a name."""
        self.page = page
        self._url = url
        self._name = name
        self._problems: list[str] = []
        self._no_problem: list[re.Pattern[str]] = []
        self._console: list[str] = []
        page.set_default_timeout(SECONDS * 1000)
        expect.set_options(timeout=SECONDS * 1000)
        page.on("console", self._take_message)
        page.on("pageerror", lambda error: self._problems.append(f"raised: {error}"))
        page.on("response", self._take_response)

    @classmethod
    async def of(cls, profile: BrowserContext, url: str, name: str) -> Window:
        """Open a window of a profile."""
        return cls(await profile.new_page(), url, name)

    async def open(self, path: str) -> None:
        """Go to a page of Home Assistant by its address."""
        await self.page.goto(f"{self._url}{path}")

    def text(self, text: str | re.Pattern[str]) -> Locator:
        """Return what is seen of a text."""
        return self.page.get_by_text(text).filter(visible=True)

    def button(self, name: str | re.Pattern[str]) -> Locator:
        """Return the button with a name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def field(self, label: str) -> Locator:
        """Return the field of a form with a label."""
        return self.page.get_by_role("textbox", name=label)

    async def choose(self, text: str) -> None:
        """Choose what has exactly this text, such as a line of a menu."""
        # What lies above all else, like a dialog, comes last in the page.
        found = self.page.get_by_text(text, exact=True).filter(visible=True)
        await found.last.click()

    async def see(self, *texts: str | re.Pattern[str]) -> None:
        """Wait until these texts are seen."""
        for text in texts:
            await expect(self.text(text).first).to_be_visible()

    async def read(self, part: Locator | None = None) -> str:
        """Return all text of a part of the page, or of all of it."""
        part = part or self.page.locator("body")
        text: str = await part.evaluate(TEXT)
        return text

    async def read_dialog(self) -> str:
        """Return all text of the dialog."""
        return await self.read(self.page.get_by_role("dialog"))

    async def look(self, what: str = "") -> Path:
        """Keep a picture of the window, and look for texts that are not there."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        path = FOLDER / f"{self._name}{what and f'-{what}'}.png"
        await self.page.screenshot(path=path, animations="disabled")
        keys = KEY.findall(await self.read())
        self._problems += [f"is shown in {path.name}: {key}" for key in keys]
        return path

    def excuse(self, problem: str) -> None:
        """Have what a test brings about be no problem."""
        self._no_problem.append(re.compile(problem))

    async def close(self) -> None:
        """Close it, and tell all that was wrong.

        Raises:
            AssertionError: Something was.
        """
        await self.look()
        await self.page.close()
        log = FOLDER / f"{self._name}.log"
        log.write_text("\n".join(self._console), encoding="utf-8")
        problems = [
            problem
            for problem in self._problems
            if not any(excused.search(problem) for excused in self._no_problem)
        ]
        assert not problems, "\n".join(problems)

    def _take_message(self, message: ConsoleMessage) -> None:
        """Take note of what the frontend tells the console."""
        self._console.append(f"{message.type}: {message.text} {message.location}")
        # What could not be loaded is told with its address elsewhere.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self._problems.append(f"is told to the console: {message.text}")

    def _take_response(self, response: Response) -> None:
        """Take note of what could not be loaded."""
        if not response.ok and response.status >= 400:
            self._console.append(f"{response.status}: {response.url}")
            if not OTHERS_BRAND.search(response.url):
                self._problems.append(f"has status {response.status}: {response.url}")


async def log_in(window: Window, username: str, password: str) -> None:
    """Log in by the form."""
    await window.open("/")
    # Who comes from this machine is offered to log in without a password first.
    await window.page.get_by_text("Home Assistant Local").click()
    await window.page.locator("input[name=username]").fill(username)
    await window.page.locator("input[name=password]").fill(password)
    await window.page.keyboard.press("Enter")
    await window.page.wait_for_url(lambda url: "auth" not in url)


async def loaded_width(image: Locator) -> int:
    """Return the width of an image once it is loaded; 0 if it cannot be."""
    await expect(image).to_be_visible()
    width: int = await image.evaluate(
        "image => image.decode().then(() => image.naturalWidth, () => 0)"
    )
    return width
