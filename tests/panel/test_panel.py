"""The panel in the side bar, and the files it is made of."""

from http import HTTPStatus

from aiohttp.test_utils import TestClient
from homeassistant.components.frontend import DATA_PANELS, async_panel_exists
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.docs import ROOT

FRONTEND = ROOT / "custom_components/snapcam/panel/frontend"


@pytest.fixture
def pages(hass: HomeAssistant) -> None:
    """Have a Home Assistant that people look at."""
    hass.config.components.add("frontend")


async def test_panel(
    hass: HomeAssistant, pages: None, entry: MockConfigEntry, http: TestClient
) -> None:
    """Everybody has the panel; its files are kept by browsers until they are others."""
    panel = hass.data[DATA_PANELS]["snapcam"]
    assert (panel.sidebar_title, panel.require_admin) == ("SnapCam", False)
    assert panel.config is not None
    url = panel.config["_panel_custom"]["module_url"]
    for path in FRONTEND.iterdir():
        response = await http.get(f"{url.rpartition('/')[0]}/{path.name}")
        assert response.status == HTTPStatus.OK
        assert response.content_type == "text/javascript"
        assert "max-age" in response.headers["Cache-Control"]
        assert await response.read() == path.read_bytes()


async def test_without_pages(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """A Home Assistant without a frontend works as well, and has no panel."""
    assert not async_panel_exists(hass, "snapcam")


def test_files_find_each_other() -> None:
    """Modules are named relative to each other, so that all are of one version."""
    names = {path.name for path in FRONTEND.iterdir()}
    for path in FRONTEND.iterdir():
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith(("import ", "} from ")) or "import(" in line:
                name = line.split('"./')[1].split('"')[0] if '"./' in line else ""
                assert name in names or "@import" in line, f"{path.name}: {line}"
