"""Markdown (CommonMark), read and written.

*Reading.* Headings, paragraphs and list items become blocks; ``*emphasis*`` stays, strong text and links are reduced
to their words, images to their description. Tables, code and HTML come as plain paragraphs, with a note. Front matter
(``---`` or ``+++``) gives title, symbol and language; a first heading of level 1 is the title.

*Writing.* ``read(write(content))`` gives the same kinds, depths, texts and languages. The front matter says so::

    ---
    adref: 1
    title: "…"                     JSON strings, which YAML reads too
    symbol: "…"
    version: "…"
    date: "2031-11-21"
    language: "en"
    base: "adref:DRAFT:SEQ:VERSION"   where it is known; then clauses carry their ids
    compilation: "Costamar; Norvale"  of a compilation text: the parties that it names
    ---
    # Title
    ## A heading                   ### at depth 1, and so on
    A chapeau.
    **PP1** A preambular clause,
    **OP1** An operative clause:
    - **(a)** A sub-clause,
      - **(i)** and one below it;

With ``adref`` in the front matter nothing is guessed. A clause in a language of its own has ``<!-- lang: es -->``
behind its text, one with an id ``<!-- adref: k7x -->``, one with both ``<!-- adref: k7x lang: es -->``.
Headings and chapeaux without text are not written.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from drafts.brackets import emphasis
from drafts.errors import TooLarge
from drafts.exchange.guess import clauses_from
from drafts.exchange.parsed import (
    MAX_CLAUSE,
    MAX_LINES,
    Base,
    Block,
    Content,
    Parsed,
    Role,
    emphasised,
    tidy,
    too_many_lines,
)
from drafts.model import Clause, ClauseKind
from drafts.numbering import TIMES, own

NOTE_TABLES = "Tables were read cell by cell, each cell as a paragraph."
NOTE_HTML = "HTML was read as plain text."
NOTE_CODE = "Code blocks were read as plain paragraphs."
NOTE_IMAGES = "Images were replaced by their descriptions."

_FRONT = re.compile(r"\A\ufeff?(---|\+\+\+)[ \t]*\r?\n(.*?)\r?\n\1[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_OWN = re.compile(r"<!--(?! -->)(?: adref: (?P<id>[A-Za-z0-9_-]{1,40}))?(?: lang: (?P<lang>[A-Za-z0-9-]{2,35}))? -->")
_ID = re.compile(r"[A-Za-z0-9_-]{1,40}\Z")
_BASE = re.compile(r"adref:([A-Za-z0-9_-]{1,40}):(\d{1,15}):(\d{1,9})\Z", re.ASCII)
_IDLE = re.compile(r"\\.|<(?=[?!])|(?<!\])!?\[(?![^\[\]\n]{0,300}\][(\[:])", re.DOTALL)
_OWN_BLOCK = re.compile(r"\s*(?:[-+*]\s|\d{1,9}[.)]\s|#|\Z)")
_TAG = re.compile(r"<[^>]*>")
_EM_TAGS: Final = {"<em>": 1, "<i>": 1, "</em>": -1, "</i>": -1}
_AGAIN = rf"(?: ante)?(?: (?:{'|'.join(TIMES)}|\(\d+\)))?"
_OWN_MARK = re.compile(rf"(PP|OP)\d+{_AGAIN}\Z|\([^()\s]{{1,40}}\){_AGAIN}\Z")
_MAX_HEADING = 6
_MARKS = re.compile(r"[*_`\[\]<&!\\]")
_MAX_MARKS = 60_000  # the parser spends up to 20 µs on each; a long draft has a few thousand


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def read(text: str) -> Parsed:
    """The clauses of a Markdown text."""
    front, body, skipped = _front_matter(text)
    own = front.get("adref") == "1"
    reader = _Reader(own=own, first_line=skipped + 1)
    _measure(body)
    blocks = reader.blocks(_calmed(body))
    title = front.get("title", "")
    if blocks and blocks[0].role is Role.HEADING and blocks[0].level == 1 and (own or not title or _only_top(blocks)):
        title = title or tidy(blocks[0].text).replace("*", "")
        blocks = blocks[1:]
    if own:
        blocks = [_as_written(block) for block in blocks]
    blocks = _once(blocks)
    language, clauses = clauses_from(blocks, front.get("language", ""), certain=own)
    symbol, base = tidy(front.get("symbol", "")), _base(front.get("base", ""))
    parties = _parties(front["compilation"]) if own and "compilation" in front else None
    return Parsed(tidy(title), symbol, language, clauses, tuple(sorted(reader.notes)), base=base, parties=parties)


def _parties(text: str) -> tuple[str, ...]:
    return tuple(name for one in text.split(";") if (name := tidy(one)))


def _once(blocks: list[Block]) -> list[Block]:
    """The blocks with each id only where it stands first: a clause that was copied is a new one."""
    seen: set[str] = set()
    found: list[Block] = []
    for block in blocks:
        found.append(replace(block, id="") if block.id in seen else block)
        seen.add(block.id)
    return found


def _base(text: str) -> Base | None:
    found = _BASE.match(text)
    return Base(found[1], int(found[2]), int(found[3])) if found else None


def _only_top(blocks: list[Block]) -> bool:
    return sum(block.role is Role.HEADING and block.level == 1 for block in blocks) == 1


def _front_matter(text: str) -> tuple[dict[str, str], str, int]:
    """Its simple entries, the text below it, and how many lines it took."""
    found = _FRONT.match(text)
    if not found:
        return {}, text, 0
    skipped = text[: found.end()].count("\n")
    if found[1] == "+++":
        try:
            values = tomllib.loads(found[2])
        except tomllib.TOMLDecodeError:
            return {}, text[found.end() :], skipped
        return {key: value for key, value in values.items() if isinstance(value, str)}, text[found.end() :], skipped
    entries: dict[str, str] = {}
    for line in found[2].splitlines():
        key, colon, value = line.partition(":")
        if colon and key == key.strip() and key:
            entries[key.lower()] = _scalar(value.strip())
    return entries, text[found.end() :], skipped


def _scalar(value: str) -> str:
    if value.startswith('"'):
        try:
            loaded = json.loads(value)
        except ValueError:
            return value.strip('"')
        return loaded if isinstance(loaded, str) else ""
    return value[1:-1].replace("''", "'") if len(value) > 1 and value[0] == value[-1] == "'" else value


def _measure(text: str) -> None:
    """Raise TooLarge for what would keep the parser busy and could not be a draft anyway."""
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        raise too_many_lines()
    if sum(1 for _ in _MARKS.finditer(text)) > _MAX_MARKS:
        raise TooLarge(
            "import_too_much_markup",
            "It has more than {limit} brackets, asterisks and other signs of Markdown. Divide it into several drafts.",
            limit=_MAX_MARKS,
        )
    size = 0
    for number, line in enumerate(lines, 1):
        size = len(line) if _OWN_BLOCK.match(line) else size + len(line)
        if size > MAX_CLAUSE:
            raise TooLarge(
                "import_paragraph_too_long",
                "The paragraph at line {line} has more than {limit} KiB of text. Divide it with blank lines.",
                line=number,
                limit=MAX_CLAUSE // 1024,
            )


def _calmed(text: str) -> str:
    """The text without comments, and with a backslash before each ``[`` and ``<`` that begins nothing.

    CommonMark tries every ``[`` as a link and every ``<!`` as a comment up to the end of the paragraph; a draft is
    full of brackets that are not links. The comments of our own files, with ids and languages, stay.
    """
    pieces: list[str] = []
    at = 0
    closes = True  # whether a comment may still find its end
    while found := _IDLE.search(text, at):
        start, quiet = found.start(), found[0]
        pieces.append(text[at:start])
        at = found.end()
        if quiet == "<" and text.startswith("<!--", start) and closes:
            own = _OWN.match(text, start)
            end = own.end() if own else text.find("-->", start + 4) + 3
            closes = end > 3
            if closes:
                at = end
                pieces.append(own[0] if own else "\n" * text.count("\n", start, end))
                continue
        pieces.append(quiet if quiet[0] == "\\" else f"{quiet[:-1]}\\{quiet[-1]}")
    return "".join([*pieces, text[at:]])


def _as_written(block: Block) -> Block:
    """A block of our own file, with the kind that its form says."""
    if block.role is Role.HEADING:
        return replace(block, kind=ClauseKind.HEADING, level=max(block.level - 2, 0))
    if block.role is Role.ITEM:
        return replace(block, kind=ClauseKind.SUB, level=block.level + 1)
    kinds = {"PP": ClauseKind.PREAMBULAR, "OP": ClauseKind.OPERATIVE}
    return replace(block, kind=kinds.get(block.label[:2], ClauseKind.CHAPEAU))


class _Reader:
    """Walks the tokens of one text."""

    def __init__(self, *, own: bool, first_line: int) -> None:
        self.notes: set[str] = set()
        self._own = own
        self._first_line = first_line
        self._parser = MarkdownIt("commonmark").enable("table")

    def blocks(self, text: str) -> list[Block]:
        """The text's blocks, in order."""
        found: list[Block] = []
        lists: list[Iterator[int] | None] = []  # for each open list its numbers, None for bullets
        heading = 0
        cell = False
        label = ""
        for token in self._parser.parse(text):
            line = self._first_line + (token.map[0] if token.map else 0)
            if token.type in {"bullet_list_open", "ordered_list_open"}:
                lists.append(_numbers(token) if token.type.startswith("ordered") else None)
            elif token.type in {"bullet_list_close", "ordered_list_close"}:
                lists.pop()
            elif token.type == "list_item_open":
                numbers = lists[-1]
                label = f"{next(numbers)}." if numbers is not None else ""
            elif token.type == "heading_open":
                heading = int(token.tag[1])
            elif token.type == "heading_close":
                heading = 0
            elif token.type in {"th_open", "td_open", "th_close", "td_close"}:
                cell = token.nesting > 0
            elif token.type == "inline":
                role = Role.CELL if cell else Role.HEADING if heading else Role.ITEM if lists else Role.PARAGRAPH
                block = Block("", role, heading or max(len(lists) - 1, 0), label, line)
                found.append(self._inline(token, block))
                label = ""
            else:
                found += self._other(token, line)
        return found

    def _other(self, token: Token, line: int) -> list[Block]:
        if token.type == "table_open":
            self.notes.add(NOTE_TABLES)
        elif token.type in {"fence", "code_block"}:
            self.notes.add(NOTE_CODE)
            text = _uncalmed(token.content)
            return [Block(part, line=line) for part in text.split("\n\n") if part.strip()]
        elif token.type == "html_block":
            text = _TAG.sub(" ", re.sub(r"<!--.*?-->", " ", token.content, flags=re.DOTALL))
            if text.strip():
                self.notes.add(NOTE_HTML)
                return [Block(text, line=line)]
        return []

    def _inline(self, token: Token, block: Block) -> Block:
        children = list(token.children or [])
        label, lang, name = block.label, "", ""
        if self._own:
            label, children = _own_mark(children)
        if children and children[-1].type == "html_inline" and (found := _OWN.fullmatch(children[-1].content)):
            lang, name = found["lang"] or "", found["id"] or ""
            children = children[:-1]
        return replace(block, text=self._words(children), label=label, lang=lang, id=name)

    def _words(self, children: list[Token]) -> str:
        writer = _Emphasis()
        for child in children:
            if child.type in {"em_open", "em_close"}:
                writer.step(child.nesting)
            elif child.type == "html_inline":
                writer.step(_EM_TAGS.get(child.content.lower(), 0))
                if child.content.lower() not in _EM_TAGS and not child.content.startswith("<!--"):
                    self.notes.add(NOTE_HTML)
                    writer.write(" " if child.content.lower().startswith("<br") else "")
            elif child.type in {"softbreak", "hardbreak"}:
                writer.write(" ")
            elif child.type == "image":
                self.notes.add(NOTE_IMAGES)
                writer.write(self._words(child.children or []))
            elif child.type == "code_inline":
                writer.write(_uncalmed(child.content))
            else:
                writer.write(child.content)
        return writer.text()


def _uncalmed(code: str) -> str:
    """Code as it stood before ``_calmed``."""
    return code.replace("\\[", "[").replace("\\<", "<")


class _Emphasis:
    """Puts asterisks round emphasised words, never round a space and never nested."""

    def __init__(self) -> None:
        self._runs: list[tuple[str, bool]] = []
        self._depth = 0

    def step(self, nesting: int) -> None:
        if nesting > 0 and not self._depth:
            self._runs.append(("", False))  # two emphases side by side stay two
        self._depth = max(self._depth + nesting, 0)

    def write(self, words: str) -> None:
        if words:
            self._runs.append((words, self._depth > 0))

    def text(self) -> str:
        return emphasised(self._runs)


def _numbers(token: Token) -> Iterator[int]:
    number = int(token.attrGet("start") or 1)
    while True:
        yield number
        number += 1


def _own_mark(children: list[Token]) -> tuple[str, list[Token]]:
    """The label that ``write`` put in front, and what follows it."""
    if len(children) >= 3 and children[0].type == "text" and not children[0].content:
        children = children[1:]
    kinds = [child.type for child in children[:3]]
    if kinds != ["strong_open", "text", "strong_close"] or not _OWN_MARK.match(children[1].content):
        return "", children
    rest = children[3:]
    if rest and rest[0].type == "text":  # the space after the label
        shorter = rest[0].content.removeprefix(" ")
        rest = [Token("text", "", 0, content=shorter), *rest[1:]] if shorter else rest[1:]
    return children[1].content, rest


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def write(content: Content, base: Base | None = None, parties: Sequence[str] | None = None) -> str:
    """The text as Markdown, with front matter; ends with a line break. With ``base`` it says what it was made from, and
    clauses carry their ids. ``parties``: those that a compilation text names."""
    date = content.date.isoformat() if content.date else ""
    front = {
        "title": content.title,
        "symbol": content.symbol,
        "version": content.version_label,
        "date": date,
        "language": content.language,
    }
    if base:
        front["base"] = f"adref:{base.draft}:{base.seq}:{base.version}"
    if parties is not None:
        front["compilation"] = "; ".join(parties)
    lines = ["---", "adref: 1", *(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in front.items())]
    lines += ["---", "", f"# {_inline_markdown(content.title)}", ""]
    depth = 0  # of the sub-clause before, 0 when it was none
    for clause, label in zip(content.clauses, own(content.clauses), strict=True):
        if not label and not clause.text:
            continue
        lines += _block(clause, label, depth, named=base is not None)
        depth = max(clause.depth, 1) if clause.kind is ClauseKind.SUB else 0
    return "\n".join(lines).rstrip() + "\n"


def _block(clause: Clause, label: str, depth_before: int, *, named: bool) -> list[str]:
    name = f" adref: {clause.id}" if named and _ID.match(clause.id) else ""
    lang = f" lang: {clause.lang}" if clause.lang else ""
    text = _inline_markdown(clause.text)
    if name or lang:
        text = f"{text} <!--{name}{lang} -->".lstrip(" ")
    if clause.kind is ClauseKind.HEADING:
        marks = "#" * min(clause.depth + 2, _MAX_HEADING)
        return [f"{marks} {_escaped_hashes(text)}", ""]
    if clause.kind is ClauseKind.SUB:
        depth = max(clause.depth, 1)
        outer = min(depth - 1, depth_before)
        return [f"{'  ' * outer}{'- ' * (depth - outer)}**{label}** {text}".rstrip(" "), ""]
    if label:
        return [f"**{label}** {text}".rstrip(" "), ""]
    return [_block_start(text), ""]


_ACTIVE = re.compile(r"[\\`*_<&]|!(?=\[)|\](?=\()")


def _escape(text: str) -> str:
    return _ACTIVE.sub(lambda found: "\\" + found[0], text)


def _escaped_hashes(text: str) -> str:
    return text.replace("#", "\\#")


def _block_start(text: str) -> str:
    """A paragraph's text that starts no list, heading or quotation."""
    if text[:1] in set("-+#>=~|:["):
        return "\\" + text
    return re.sub(r"\A(\d{1,9})([.)])", r"\1\\\2", text)


def _inline_markdown(text: str) -> str:
    """The text escaped, its emphasis as asterisks where CommonMark takes them so, else as tags."""
    for mark in (lambda words: f"*{words}*", lambda words: f"<em>{words}</em>"):
        written = _marked(text, mark)
        if _read_back(written) == text:
            return written
    return written


def _marked(text: str, mark: Callable[[str], str]) -> str:
    pieces: list[str] = []
    at = 0
    for start, end in emphasis(text):
        pieces += [_escape(text[at:start]), mark(_escape(text[start + 1 : end]))]
        at = end + 1
    return "".join([*pieces, _escape(text[at:])])


def _read_back(written: str) -> str:
    blocks = _Reader(own=False, first_line=1).blocks(_calmed(f"x {written}"))
    return blocks[0].text.removeprefix("x ")
