"""A clause's text as HTML: what is shown, how, and that nothing in it can be markup."""

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from drafts.brackets import parse
from drafts.change import widen
from drafts.redline import Mark, Run
from drafts.words import hunks
from server import render
from server.i18n import Tongue
from server.render import Names

NAMES = Names(("NVL", "CTM"), ("Norvale", "Costa &amp; Mar"))
EN = Tongue("en")
_SAID = re.compile(r'<span class="sr" dir="auto">[^<]*</span>')
_BY = re.compile(r'<span class="by [^"]*" aria-hidden="true">[^<]*</span>')
_TAG = re.compile(r"</?[a-z0-9]+(?: [a-z-]+=\"[^\"<>]*\")*>")


def shown(html: str) -> str:
    """What the eye reads of the text itself."""
    bare = _BY.sub("", _SAID.sub("", re.sub(r'<sup aria-hidden="true">\d+</sup>', "", html)))
    return unescape(_TAG.sub("", bare))


def test_an_insertion_names_its_party_before_and_behind() -> None:
    html = render.text([Run("may ", Mark.KEPT), Run("not ", Mark.INS, 0)], NAMES, EN)
    assert html == (
        'may <ins><span class="sr" dir="auto">inserted by Norvale: </span>not </ins>'
        '<span class="by i-ins" aria-hidden="true">NVL</span>'
    )


def test_words_of_one_party_struck_by_another_name_both() -> None:
    html = render.text([Run("soon", Mark.INSDEL, 0, 1)], NAMES, EN)
    assert html == (
        '<del class="both"><span class="sr" dir="auto">inserted by Norvale, deleted by Costa &amp; Mar: </span>'
        "soon</del>"
        '<span class="by i-del" aria-hidden="true">NVL, CTM</span>'
    )


def test_a_bracket_over_several_runs_is_several_spans_and_nothing_crosses() -> None:
    html = render.text([Run("a [b ", Mark.KEPT), Run("c] d", Mark.INS, 0)], NAMES, EN)
    opened = '<span class="bk"><span class="sr" dir="auto">bracket depth 1 opens </span>[</span>'
    assert f'a <span class="br" data-d="1">{opened}b </span><ins>' in html
    assert '</span><span class="br" data-d="1">c<span class="bk">]</span></span> d</ins>' in html


def test_the_figure_at_a_bracket_goes_on_where_colours_repeat() -> None:
    html = render.plain("[a [b [c [d]]]]", EN)
    assert re.findall(r'data-d="(\d)"', html)[:4] == ["1", "2", "3", "1"]
    assert '[<sup aria-hidden="true">4</sup>' in html


def test_emphasis_is_shown_without_its_asterisks_and_a_lone_one_stays() -> None:
    assert render.plain("*Noting* that 2 * 2", EN) == "<em>Noting</em> that 2 * 2"


def test_a_bracket_without_a_partner_says_so() -> None:
    assert 'class="bk lone"><span class="sr" dir="auto">bracket without a partner </span>]' in render.plain("a] b", EN)


def test_the_labels_speak_the_readers_language() -> None:
    assert "inséré par Norvale" in render.text([Run("x", Mark.INS, 0)], NAMES, Tongue("fr"))


_words = st.text(st.sampled_from("ab []*<>&\"'é𝄞ع"), max_size=30)
_authors = st.integers(0, 1)
_run = st.one_of(
    st.builds(Run, _words.map(widen), st.just(Mark.KEPT)),
    st.builds(Run, _words.map(widen), st.just(Mark.INS), _authors),
    st.builds(Run, _words.map(widen), st.just(Mark.DEL), st.just(-1), _authors),
    st.builds(Run, _words.map(widen), st.just(Mark.INSDEL), _authors, _authors),
)


@given(st.lists(_run, max_size=8))
def test_no_text_becomes_markup_and_no_letter_is_lost(runs: list[Run]) -> None:
    html = render.text(runs, NAMES, EN)
    letters = "".join(run.text for run in runs).replace("*", "")
    assert shown(html).replace("*", "").encode("utf-16", "surrogatepass") == letters.encode("utf-16", "surrogatepass")
    assert len(re.findall(r"<(?!/)", html)) == len(re.findall(r"</", html))  # every element is closed


@given(_words)
def test_every_pair_of_brackets_is_one_opening_and_one_closing_glyph(text: str) -> None:
    html = render.plain(text, EN)
    found = parse(text)
    assert html.count("opens </span>[") == len(found.pairs)
    assert html.count('<span class="bk">]</span>') == len(found.pairs)
    assert html.count('class="bk lone"') == len(found.unbalanced)


@given(_words, _words)
def test_the_two_sides_of_a_comparison_show_their_texts(old: str, new: str) -> None:
    told = hunks(old, new)
    assert shown(render.old_side(told, EN)).replace("*", "") == old.replace("*", "")
    assert shown(render.new_side(told, EN)).replace("*", "") == new.replace("*", "")
    assert shown(render.both_sides([h for h in told if h.op != "del"], EN)).replace("*", "") == new.replace("*", "")
