"""The hash by which the archive knows a text it may not keep."""

import hashlib


def sha256_hex(text: str) -> str:
    """SHA-256 of the UTF-8 of `text`, as 64 lower-case hexadecimal digits.

    Raises UnicodeEncodeError where `text` holds a lone surrogate, which UTF-8 cannot write.
    """
    return hashlib.sha256(text.encode()).hexdigest()
