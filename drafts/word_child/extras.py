"""What stands beside the text: comments, and what Adref wrote into the file about where it came from."""

import posixpath
import re
import zipfile
from typing import Any

from lxml import etree

from drafts.word_child.package import W, read_part

_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
_OWN = "{urn:adref:base:1}"
_IDENTIFIER = "{http://purl.org/dc/elements/1.1/}identifier"
_CUSTOM = re.compile(r"customXml/item\d*\.xml\Z")
_MOST_CUSTOM = 20  # parts looked at
_MOST_COMMENTS = 5_000
_MOST_PARTIES = 2_000
_SAID = re.compile(r"adref:([0-9A-Za-z_-]{1,64}):(\d{1,9}):(\d{1,6})\Z")


def comments(package: zipfile.ZipFile, folder: str) -> list[dict[str, Any]]:
    """``{"id", "author", "date", "body", "answers", "resolved"}`` per comment, as far as the file says so."""
    root = read_part(package, posixpath.join(folder, "comments.xml"))
    if root is None:
        return []
    found: list[dict[str, Any]] = []
    by_paragraph: dict[str, str] = {}
    for element in root.findall(f"{W}comment")[:_MOST_COMMENTS]:
        name = str(element.get(f"{W}id", ""))
        paragraphs = list(element.iter(f"{W}p"))
        body = "\n".join("".join(_words(paragraph)) for paragraph in paragraphs).strip()
        by_paragraph |= {str(mark): name for one in paragraphs if (mark := one.get(f"{_W14}paraId"))}
        author, date = str(element.get(f"{W}author", "")).strip()[:200], str(element.get(f"{W}date", ""))[:40]
        found.append({"id": name, "author": author, "date": date, "body": body, "answers": "", "resolved": False})
    _threads(read_part(package, posixpath.join(folder, "commentsExtended.xml")), by_paragraph, found)
    return found


def _words(paragraph: etree._Element) -> list[str]:
    signs = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n"}
    return [
        element.text or "" if element.tag == f"{W}t" else signs.get(str(element.tag), "")
        for element in paragraph.iter()
    ]


def _threads(root: etree._Element | None, by_paragraph: dict[str, str], found: list[dict[str, Any]]) -> None:
    by_id = {comment["id"]: comment for comment in found}
    for element in root if root is not None else ():
        comment = by_id.get(by_paragraph.get(str(element.get(f"{_W15}paraId", "")), ""))
        parent = by_paragraph.get(str(element.get(f"{_W15}paraIdParent", "")), "")
        if comment is None:
            continue
        comment["resolved"] = element.get(f"{_W15}done") in {"1", "true"}
        if parent != comment["id"]:
            comment["answers"] = parent


def base(package: zipfile.ZipFile) -> dict[str, Any] | None:
    """``{"draft", "seq", "version", "language", "clauses": [{"id", "hash", "kind", "depth", "lang"}],
    "parties": [name, …] | None}``: the custom XML part in our namespace, else what ``dc:identifier`` says."""
    parts = [name for name in package.namelist() if _CUSTOM.match(name)]
    for name in sorted(parts)[:_MOST_CUSTOM]:
        root = read_part(package, name)
        if root is not None and root.tag == f"{_OWN}base":
            return _own(root)
    core = read_part(package, "docProps/core.xml")
    said = core.find(_IDENTIFIER) if core is not None else None
    found = _SAID.match((said.text or "").strip()) if said is not None else None
    if found is None:
        return None
    return {"draft": found[1], "seq": int(found[2]), "version": int(found[3]), "language": "", "clauses": []}


def _own(root: etree._Element) -> dict[str, Any] | None:
    draft, seq, version = (str(root.get(name, "")) for name in ("draft", "seq", "version"))
    if not draft or not re.fullmatch(r"\d{1,9}", seq) or not re.fullmatch(r"\d{0,6}", version):
        return None
    names = ("id", "hash", "kind", "depth", "lang")
    clauses = [{name: str(one.get(name, ""))[:80] for name in names} for one in root.findall(f"{_OWN}clause")[:4_000]]
    language = str(root.get("language", ""))[:35]
    return {
        "draft": draft[:64],
        "seq": int(seq),
        "version": int(version or 0),
        "language": language,
        "clauses": clauses,
        "parties": _parties(root),
    }


def _parties(root: etree._Element) -> list[str] | None:
    """Of a compilation text: the parties that it names."""
    if root.get("compilation") != "1":
        return None
    return [str(one.get("name", ""))[:200] for one in root.findall(f"{_OWN}party")[:_MOST_PARTIES]]
