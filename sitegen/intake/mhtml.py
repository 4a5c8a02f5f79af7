"""Web pages that a browser saved as one file: MHTML (RFC 2557), page and pictures as parts of a mail."""

from __future__ import annotations

import base64
from email import message_from_bytes
from email.message import Message
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from sitegen.intake.files import Unreadable, decode_page

ENDINGS = (".mhtml", ".mht")


def page_of(data: bytes) -> str:
    """The HTML of the page, its pictures within it, its address in a comment. Raises Unreadable."""
    try:
        parts = [part for part in message_from_bytes(data).walk() if not part.is_multipart()]
        page = next((part for part in parts if part.get_content_type() == "text/html"), None)
        if page is None:
            raise Unreadable("holds no web page")
        tree = LexborHTMLParser(decode_page(_bytes(page)))
        pictures = {
            place: part
            for part in parts
            if part.get_content_maintype() == "image"
            for place in (_header(part, "Content-Location"), f"cid:{_header(part, 'Content-ID').strip('<>')}")
        }
    except (LookupError, ValueError, RecursionError):
        raise Unreadable("is damaged") from None
    address = _header(page, "Content-Location")
    for node in tree.css("img[src]"):
        picture = pictures.get(_joined(address, node.attributes["src"] or ""))
        if picture is not None:
            inside = base64.b64encode(_bytes(picture)).decode()
            node.attrs["src"] = f"data:{picture.get_content_type()};base64,{inside}"
    return f"<!-- saved from url=({len(address):04})" + address.replace("--", "%2D%2D") + f" -->{tree.html}"


def _joined(page: str, address: str) -> str:
    try:
        return urljoin(page, address)
    except ValueError:  # no address at all, like http://[x
        return ""


def _header(part: Message, name: str) -> str:
    return "".join(str(part.get(name, "")).split())


def _bytes(part: Message) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""
