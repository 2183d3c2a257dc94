"""Plain text: paragraphs by blank lines, or by lines where there are none; labels and indentation tell the rest."""

import re

from drafts.exchange.guess import ENDS, begins, clauses_from, heading_like
from drafts.exchange.marks import take, take_bullet
from drafts.exchange.parsed import MAX_LINES, Block, Parsed, Role, tidy, too_many_lines

_LINE = re.compile(r"\r\n|[\n\r\f\v\x85\u2028\u2029]")
_TAB = 4
_NO_TITLE = {"preamble", "preámbulo", "préambule", "преамбула", "الديباجة", "序言", "introduction", "introducción"}


def read(text: str) -> Parsed:
    """The clauses of a plain text. A first line that looks like a heading, with more below it, is its title."""
    blocks = _leveled(_paragraphs(text))
    title = ""
    if len(blocks) > 1 and _is_title(blocks[0][1].text):
        title = tidy(blocks[0][1].text)
        blocks = blocks[1:]
    language, clauses = clauses_from([block for _, block in blocks])
    return Parsed(title, "", language, clauses)


def _is_title(text: str) -> bool:
    clean = tidy(text)
    marked = take(clean)[0] is not None or take_bullet(clean)[0]
    return heading_like(clean) and not marked and clean.casefold() not in _NO_TITLE


def _paragraphs(text: str) -> list[tuple[int, Block]]:
    """Blocks with their indentation in columns; where no line is blank, every line is a block."""
    lines = _LINE.split(text)
    if len(lines) > MAX_LINES:
        raise too_many_lines()
    lines = [line.expandtabs(_TAB).rstrip() for line in lines]
    inner = "\n".join(lines).strip().split("\n")
    by_line = not any(not line.strip() for line in inner)
    found: list[tuple[int, Block]] = []
    open_block = False
    for number, line in enumerate(lines, 1):
        words = line.strip()
        if not words:
            open_block = False
            continue
        if by_line or not open_block or _begins(words, found[-1][1].text):
            found.append((len(line) - len(line.lstrip()), Block(words, line=number)))
        else:
            indent, block = found[-1]
            found[-1] = indent, Block(f"{block.text} {words}", line=block.line)
        open_block = True
    return found


def _begins(line: str, before: str) -> bool:
    """Whether a line right below ``before`` begins a block of its own: by its mark, or as a clause after an end."""
    if take(line)[0] is not None or take_bullet(line)[0]:
        return True
    return before.endswith(ENDS) and begins(line) is not None and not line.lstrip("*[(")[:1].islower()


def _leveled(paragraphs: list[tuple[int, Block]]) -> list[tuple[int, Block]]:
    """Bulleted blocks as items, with a level from their indentation."""
    columns: list[int] = []  # the indentations of the present list, outer to inner
    found: list[tuple[int, Block]] = []
    for indent, block in paragraphs:
        bullet, rest = take_bullet(block.text)
        if not bullet:
            columns.clear()
            found.append((indent, block))
            continue
        while columns and columns[-1] > indent:
            columns.pop()
        if not columns or columns[-1] < indent:
            columns.append(indent)
        found.append((indent, Block(rest, Role.ITEM, len(columns) - 1, line=block.line)))
    return found
