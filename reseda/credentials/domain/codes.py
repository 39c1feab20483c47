"""The short code of a credential, read as people type it from paper."""

import re

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, GROUP_LENGTH = 3, 4
_LOOKALIKES = str.maketrans("OIL", "011")
_CODE = re.compile(rf"[{ALPHABET}]{{{GROUPS * GROUP_LENGTH}}}")


def read_code(text: str) -> str:
    """Return a code in its written form, `7Q4M-2KXA-9D3F`; empty where the text is no code.

    Case, spaces and dashes do not matter; the letters O, I and L are read as digits (Crockford).
    """
    letters = re.sub(r"[\s\u00ad\u2010-\u2015\u2212_.-]", "", text).upper().translate(_LOOKALIKES)
    if not letters.isascii() or not _CODE.fullmatch(letters):
        return ""
    return "-".join(
        letters[start : start + GROUP_LENGTH] for start in range(0, len(letters), GROUP_LENGTH)
    )
