"""Addresses in what people write: made clickable, and nothing else. The words stay plain text, the address is shown as
it was typed, and nothing is fetched: no preview, no picture, no icon of the other site.

``nofollow ugc`` tell search engines that the forum does not speak for it, ``noopener`` keeps the other page from ours;
pages say ``Referrer-Policy: no-referrer`` anyway.
"""

import re
from typing import Final

from server.render import attribute, escape

REL: Final = "nofollow noopener ugc"
# Neither spaces nor quotes, nor anything invisible that could make an address look like another one.
_UNSEEN: Final = r"\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_ADDRESS: Final = re.compile(rf"\bhttps?://[^\s<>\"“”«»‹›{_UNSEEN}]+", re.IGNORECASE)
_ENDS: Final = ".,;:!?…'’‘*"
_PAIRS: Final = {")": "(", "]": "[", "}": "{"}
_LONGEST: Final = 2_000


def linked(text: str) -> str:
    """Plain text as HTML, with its http and https addresses as links."""
    out: list[str] = []
    at = 0
    for found in _ADDRESS.finditer(text):
        address = _trimmed(found[0])
        if not _plain(address):
            continue
        out.append(escape(text[at : found.start()]))
        out.append(f'<a href="{attribute(address)}" rel="{REL}"><bdi dir="ltr">{escape(address)}</bdi></a>')
        at = found.start() + len(address)
    out.append(escape(text[at:]))
    return "".join(out)


def _trimmed(address: str) -> str:
    """Without the marks of the sentence that the address stands in; a closing bracket stays where it was opened."""
    while address:
        last = address[-1]
        opening = _PAIRS.get(last)
        alone = opening is not None and address.count(last) > address.count(opening)
        if last not in _ENDS and not alone:
            break
        address = address[:-1]
    return address


def _plain(address: str) -> bool:
    """Whether it names a host, and no user in front of it: that would let one site look like another."""
    host = re.split(r"[/?#]", address.split("://", 1)[1] if "://" in address else "", maxsplit=1)[0]
    return bool(host) and "@" not in host and "\\" not in address and len(address) <= _LONGEST
