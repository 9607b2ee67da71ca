"""How many scans a JPEG has, without decoding it.

Source: ISO/IEC 10918-1, B.1.1: markers are 0xFF and a code; segments begin with their length; within entropy-coded data, 0xFF is followed
by zero or a restart.
"""

import re

_MARKER = re.compile(rb"\xff([\xc0-\xcf\xd9-\xfe])")
"""Those that end the picture or begin a segment. A reserved code, which a decoder may pass over, hides nothing behind a length."""
_END, _SCAN = 0xD9, 0xDA


def scans(content: bytes) -> int:
    """The scans up to the end of the (first) picture; none in what is no JPEG."""
    if not content.startswith(b"\xff\xd8"):
        return 0
    count, place = 0, 2
    while (found := _MARKER.search(content, place)) is not None:
        code, place = found[1][0], found.end()
        if code == _END:
            break
        count += code == _SCAN
        place += int.from_bytes(content[place : place + 2])
    return count
