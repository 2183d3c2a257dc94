"""How a text looks in Word: a plain serif page that a ministry can circulate."""

from typing import Final

from lxml import etree

from drafts.exchange.word.numbers import HANGING, INDENTS
from drafts.exchange.word.xml import root, val, w

LATIN: Final = "Times New Roman"
ARABIC: Final = "Traditional Arabic"
LABEL: Final = "AdrefLabel"  # the reader leaves runs of this style out
REFERENCE: Final = "CommentReference"
HEADINGS: Final = 6


def styles() -> etree._Element:
    """The part with the styles."""
    return root("styles", _defaults(), *_paragraphs(), *_characters())


def settings() -> etree._Element:
    """The part with the settings."""
    compat = w("compatSetting", name="compatibilityMode", uri="http://schemas.microsoft.com/office/word", val=15)
    return root(
        "settings",
        w("zoom", percent=100),
        val("defaultTabStop", 567),
        w("compat", compat),
    )


def _defaults() -> etree._Element:
    fonts = w("rFonts", ascii=LATIN, hAnsi=LATIN, eastAsia=LATIN, cs=ARABIC)
    look = w("rPr", fonts, val("sz", 24), val("szCs", 28), w("lang", val="en-GB", bidi="ar-SA"))
    return w(
        "docDefaults",
        w("rPrDefault", look),
        w("pPrDefault", w("pPr", w("spacing", after=160, line=288, lineRule="auto"))),
    )


def _paragraphs() -> list[etree._Element]:
    found = [
        w("style", val("name", "Normal"), w("qFormat"), type="paragraph", default=1, styleId="Normal"),
        styled("Title", "Title", w("spacing", after=360), size=32, bold=True),
        styled("AdrefClause", "Adref clause", w("ind", left=INDENTS[0], hanging=INDENTS[0])),
        styled("AdrefChapeau", "Adref chapeau"),
        styled("Header", "header", size=18),
        styled("Footer", "footer", size=18),
        styled("CommentText", "annotation text", w("spacing", after=0), size=20),
    ]
    found += [
        styled(f"AdrefSub{level}", f"Adref sub-clause {level}", w("ind", left=INDENTS[level], hanging=HANGING))
        for level in (1, 2, 3)
    ]
    found += [
        styled(
            f"Heading{level}", f"heading {level}", w("keepNext"), w("spacing", before=320, after=120),
            val("outlineLvl", level - 1), size=28 if level == 1 else 24, bold=True,
        )
        for level in range(1, HEADINGS + 1)
    ]  # fmt: skip
    return found


def styled(name: str, title: str, *layout: etree._Element, size: int = 0, bold: bool = False) -> etree._Element:
    """A style of paragraphs; ``size`` in half points."""
    look = [w("b"), w("bCs")] if bold else []
    look += [val("sz", size), val("szCs", size + 4)] if size else []
    return w(
        "style",
        val("name", title),
        val("basedOn", "Normal"),
        w("qFormat"),
        w("pPr", *layout) if layout else None,
        w("rPr", *look) if look else None,
        type="paragraph",
        styleId=name,
        customStyle=1 if name.startswith("Adref") else 0,
    )


def _characters() -> list[etree._Element]:
    grey, small = w("rPr", val("color", "595959")), w("rPr", val("sz", 16), val("szCs", 16))
    return [
        w("style", val("name", LABEL), grey, type="character", styleId=LABEL, customStyle=1),
        w("style", val("name", "annotation reference"), small, type="character", styleId=REFERENCE),
    ]
