"""Styles and numbered lists: what a paragraph inherits, and the number that Word shows before it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from drafts.word_child.package import W

_MOST_STYLES = 30  # that one style is based on, one behind the other


@dataclass
class Style:
    """What a style says itself; ``based_on`` says the rest."""

    based_on: str = ""
    name: str = ""
    outline: int | None = None
    numbering: tuple[str | None, int | None] = (None, None)
    italic: bool | None = None


@dataclass
class Level:
    """One level of a list: its number format, the text round the number, its first number, the style bound to it."""

    form: str = "decimal"
    pattern: str = "%1."
    start: int = 1
    style: str = ""


def value(parent: etree._Element | None, path: str) -> str | None:
    """The ``w:val`` of the element at a path of w: names."""
    found = parent.find("/".join(W + step for step in path.split("/"))) if parent is not None else None
    return None if found is None else str(found.get(f"{W}val", ""))


def number(text: str | None) -> int | None:
    """A small whole number, or None."""
    return int(text) if text and re.fullmatch(r"-?\d{1,9}", text) else None


def switched(parent: etree._Element | None, name: str) -> bool | None:
    """An on-off property: True, False, or None when nothing is said."""
    found = parent.find(W + name) if parent is not None else None
    return None if found is None else found.get(f"{W}val", "1") not in {"0", "false", "off"}


class Styles:
    """Properties of paragraph and character styles, with inheritance."""

    def __init__(self, root: etree._Element | None) -> None:
        self._styles: dict[str, Style] = {}
        self.default = ""
        for element in root.findall(f"{W}style") if root is not None else ():
            name = str(element.get(f"{W}styleId", ""))
            layout, look = element.find(f"{W}pPr"), element.find(f"{W}rPr")
            self._styles[name] = Style(
                value(element, "basedOn") or "",
                (value(element, "name") or "").lower(),
                number(value(layout, "outlineLvl")),
                (value(layout, "numPr/numId"), number(value(layout, "numPr/ilvl"))),
                switched(look, "i"),
            )
            if element.get(f"{W}type") == "paragraph" and element.get(f"{W}default") in {"1", "true"}:
                self.default = name

    def chain(self, name: str) -> Iterator[tuple[str, Style]]:
        """A style and those it is based on, nearest first."""
        seen: set[str] = set()
        while name in self._styles and name not in seen and len(seen) < _MOST_STYLES:
            seen.add(name)
            yield name, self._styles[name]
            name = self._styles[name].based_on

    def heading(self, name: str) -> int:
        """1 to 9 for a heading's style, else 0."""
        for _, style in self.chain(name):
            if style.outline is not None:
                return style.outline + 1 if style.outline < 9 else 0
            if found := re.fullmatch(r"heading ([1-9])", style.name):
                return int(found[1])
        return 0

    def is_title(self, name: str) -> bool:
        """Whether it is the style of a document's title."""
        return any(style.name == "title" for _, style in self.chain(name))

    def italic(self, name: str) -> bool:
        """Whether a character style is italic."""
        return next((style.italic for _, style in self.chain(name) if style.italic is not None), False)


class Numbering:
    """The lists of a document, and how far each has counted."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._styles = styles
        self._lists: dict[str, tuple[str, dict[int, Level]]] = {}  # by numId: the list it counts with, its levels
        self._counts: dict[str, dict[int, int]] = {}
        if root is None:
            return
        abstract = {str(one.get(f"{W}abstractNumId")): one for one in root.findall(f"{W}abstractNum")}
        linked = {link: name for name, one in abstract.items() if (link := value(one, "styleLink"))}
        for one in root.findall(f"{W}num"):
            name = value(one, "abstractNumId") or ""
            link = value(abstract.get(name), "numStyleLink")
            name = linked.get(link, name) if link else name
            levels = self._levels(abstract.get(name))
            counts = name
            for override in one.findall(f"{W}lvlOverride"):
                counts = f"{name}/{one.get(f'{W}numId')}"
                levels |= self._levels(override)
                depth, start = number(override.get(f"{W}ilvl")), number(value(override, "startOverride"))
                if depth in levels and start is not None:
                    old = levels[depth]
                    levels[depth] = Level(old.form, old.pattern, start, old.style)
            self._lists[str(one.get(f"{W}numId"))] = counts, levels

    @staticmethod
    def _levels(parent: etree._Element | None) -> dict[int, Level]:
        found: dict[int, Level] = {}
        for one in parent.findall(f"{W}lvl") if parent is not None else ():
            start = number(value(one, "start"))
            found[number(one.get(f"{W}ilvl")) or 0] = Level(
                value(one, "numFmt") or "decimal",
                value(one, "lvlText") or "",
                1 if start is None else start,
                value(one, "pStyle") or "",
            )
        return found

    def place(self, own: etree._Element | None, style: str) -> tuple[int, str]:
        """Level and label of a paragraph, by its own properties or its style's; (-1, '') outside lists. Counts."""
        name, level, bound = value(own, "numPr/numId"), number(value(own, "numPr/ilvl")), ""
        for style_name, one in self._styles.chain(style):
            if name is not None:
                break
            name, level = one.numbering[0], level if level is not None else one.numbering[1]
            bound = style_name
        if name is None or name not in self._lists:
            return -1, ""
        counts, levels = self._lists[name]
        if level is None:
            level = next((depth for depth, one in levels.items() if bound and one.style == bound), 0)
        level = min(max(level, 0), 8)
        return level, self._label(counts, levels, level)

    def _label(self, counts: str, levels: dict[int, Level], level: int) -> str:
        reached = self._counts.setdefault(counts, {})
        own = levels.get(level, Level())
        reached[level] = reached.get(level, own.start - 1) + 1
        for deeper in [depth for depth in reached if depth > level]:
            del reached[deeper]
        if own.form in {"bullet", "none"}:
            return ""

        def shown(found: re.Match[str]) -> str:
            depth = int(found[1]) - 1
            one = levels.get(depth, Level())
            return in_form(reached.get(depth, one.start), one.form)

        return re.sub(r"%([1-9])", shown, own.pattern).strip()


def in_form(count: int, form: str) -> str:
    """A number as Word writes it."""
    if form in {"lowerLetter", "upperLetter"} and count > 0:
        times, letter = divmod(count - 1, 26)
        letters = chr(ord("a") + letter) * min(times + 1, 9)
        return letters.upper() if form == "upperLetter" else letters
    if form in {"lowerRoman", "upperRoman"} and 0 < count < 4000:
        numerals = "m:1000 cm:900 d:500 cd:400 c:100 xc:90 l:50 xl:40 x:10 ix:9 v:5 iv:4 i:1"
        text = ""
        for numeral in numerals.split():
            letters, _, worth = numeral.partition(":")
            text += letters * (count // int(worth))
            count %= int(worth)
        return text.upper() if form == "upperRoman" else text
    return str(count)
