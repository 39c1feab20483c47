"""How much of a file given by a browser is let in."""

from django.core.files.uploadhandler import FileUploadHandler

# Above what any form accepts, so that a form still sees that the file is too large, and says so.
MOST_BYTES = 33 * 1024 * 1024


class Cut(FileUploadHandler):
    """Lets the beginning of a file through, and drops the rest as it arrives.

    Neither memory nor disk holds more than `MOST_BYTES` of it (and one chunk); every form refuses
    a file of that size before reading it.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Hand a chunk to the next handler, or to none once there is enough."""
        return raw_data if start <= MOST_BYTES else None

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handler that kept it."""
        del file_size
