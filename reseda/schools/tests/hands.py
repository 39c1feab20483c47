"""Many hands on the same thing at once, for the tests of every room above."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.core.exceptions import ValidationError
from django.db import connection

HANDS = 30


def together(act: Callable[[int], object], hands: int = HANDS) -> list[str]:
    """Run the same act from as many threads at once; return what each was told, in their order."""
    barrier = Barrier(hands)

    def hand(number: int) -> str:
        try:
            barrier.wait()
            return str(act(number))
        except ValidationError as error:
            return str(error.error_list[0].code)
        finally:
            connection.close()

    with ThreadPoolExecutor(hands) as pool:
        return list(pool.map(hand, range(hands)))
