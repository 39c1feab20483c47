"""Counters of attempts start from nothing in every test."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _no_attempt_counted_yet():
    cache.clear()
