"""What is let in of a file, however large it is."""

from contextlib import contextmanager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from reseda.documents.http.uploads import MOST_BYTES

CHUNK = 64 * 1024


@contextmanager
def received(size: int):
    given = SimpleUploadedFile("a.ics", bytes(size))
    request = RequestFactory().post("/", {"file": given, "name": "x"})
    try:
        yield request.FILES["file"].size, request.POST["name"]
    finally:
        request.close()


@pytest.mark.parametrize("size", [0, 1, 3_000_000, 10 * 1024 * 1024])
def test_a_file_that_a_form_may_accept_comes_in_whole(size):
    with received(size) as found:
        assert found == (size, "x")


def test_of_a_huge_file_no_more_than_the_beginning_is_held():
    with received(50 * 1024 * 1024) as (size, name):
        assert MOST_BYTES < size <= MOST_BYTES + 2 * CHUNK
        assert name == "x"
