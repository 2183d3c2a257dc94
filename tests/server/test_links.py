"""Links in what people write: only addresses become links, and never anything that runs, loads or misleads."""

import re

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from server.links import linked


def hrefs(text: str) -> list[str]:
    return re.findall(r'href="([^"]*)"', linked(text))


def test_an_address_becomes_a_link_that_says_nobody_vouches_for_it():
    assert linked("See https://lakes.example/a?b=1&c=2 now") == (
        'See <a href="https://lakes.example/a?b=1&amp;c=2" rel="nofollow noopener ugc">'
        '<bdi dir="ltr">https://lakes.example/a?b=1&amp;c=2</bdi></a> now'
    )


def test_the_marks_of_the_sentence_stay_outside():
    assert hrefs("(see https://lakes.example/x_(y)).") == ["https://lakes.example/x_(y)"]
    assert hrefs("https://lakes.example/, or «http://tide.example»!") == [
        "https://lakes.example/",
        "http://tide.example",
    ]


def test_what_could_run_load_or_mislead_stays_words():
    for text in (
        "javascript:alert(1)",
        "data:text/html,x",
        "https://bank.example@evil.example/",
        "https://",
        "<img src=https://evil.example/x.png>",
        'https://evil.example/"onmouseover="x',
        "https://evil.example/\u202egnp.exe",
    ):
        page = html.fragment_fromstring(linked(text), create_parent="p")
        assert {one.tag for one in page.iter()} <= {"p", "a", "bdi"}
        assert page.text_content() == text
        for link in page.iter("a"):
            assert set(link.attrib) == {"href", "rel"}
            assert "@" not in link.get("href")
            assert "\u202e" not in link.get("href")


@given(st.text(alphabet=st.sampled_from("ab<>&\"'()[]./:@?#\\ \n\u202ehtps*…"), max_size=60))
def test_the_words_stay_what_they_were(text: str):
    page = html.fragment_fromstring(linked("http://" + text), create_parent="p")
    assert page.text_content() == "http://" + text
