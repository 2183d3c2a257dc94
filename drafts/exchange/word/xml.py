"""Elements of WordprocessingML (ISO/IEC 29500-1), made so that nothing a person wrote can break them."""

import re
from typing import Final

from lxml import etree

W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W14: Final = "http://schemas.microsoft.com/office/word/2010/wordml"
W15: Final = "http://schemas.microsoft.com/office/word/2012/wordml"
MC: Final = "http://schemas.openxmlformats.org/markup-compatibility/2006"
NAMES: Final = {"w": W, "r": R, "w14": W14, "w15": W15, "mc": MC}
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def w(tag: str, *children: etree._Element | None, **attributes: str | int) -> etree._Element:
    """A ``w:`` element with ``w:`` attributes; children that are None are left out."""
    made = etree.Element(f"{{{W}}}{tag}", nsmap={"w": W} if tag == "fonts" else None)
    for name, value in attributes.items():
        made.set(f"{{{W}}}{name.rstrip('_')}", str(value))
    made.extend([child for child in children if child is not None])
    return made


def val(tag: str, value: str | int) -> etree._Element:
    """``<w:tag w:val="value"/>``."""
    return w(tag, val=value)


def text(words: str, tag: str = "t") -> etree._Element:
    """``w:t`` or ``w:delText`` with these words, spaces kept, without characters that XML does not take."""
    made = w(tag)
    made.text = legal(words)
    made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return made


def legal(words: str) -> str:
    """The words without what XML 1.0 cannot hold."""
    return _ILLEGAL.sub("", words)


def root(tag: str, *children: etree._Element) -> etree._Element:
    """The root element of a part, with the namespaces that Word expects."""
    made = etree.Element(f"{{{W}}}{tag}", nsmap=NAMES)
    made.set(f"{{{MC}}}Ignorable", "w14 w15")
    made.extend(children)
    return made


def part(element: etree._Element) -> bytes:
    """The bytes of a part."""
    etree.cleanup_namespaces(element, keep_ns_prefixes=list(NAMES))
    return bytes(etree.tostring(element, xml_declaration=True, encoding="UTF-8", standalone=True))
