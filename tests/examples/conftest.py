"""The languages of the pages."""

import pytest

from ..docs import READMES


@pytest.fixture(params=READMES)
def language(request: pytest.FixtureRequest) -> str:
    """Return a language that a page is in."""
    found: str = request.param
    return found
