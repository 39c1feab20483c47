"""What every test of the room starts from."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet() -> None:
    """Requests are counted by address and by minute: each test starts from none."""
    cache.clear()
