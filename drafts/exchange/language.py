"""Which language a text is in: by its script, and for Latin letters by its small words, where they leave no doubt."""

import re
import unicodedata
from collections import Counter
from functools import lru_cache

from drafts.exchange.lexicon import STOP_WORDS

RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})

_BY_SCRIPT = {
    "ARABIC": "ar", "CJK": "zh", "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "CYRILLIC": "ru", "HEBREW": "he",
    "GREEK": "el", "DEVANAGARI": "hi", "BENGALI": "bn", "THAI": "th", "ARMENIAN": "hy", "GEORGIAN": "ka",
    "ETHIOPIC": "am", "LATIN": "latin",
}  # fmt: skip
_SAMPLE = 4_000  # code points looked at
_LEAST_WORDS = 6  # fewer Latin words than this decide nothing
_LEAST_SHARE = 0.18  # of all words
_LEAD = 1.5  # times the next language


def direction(language: str) -> str:
    """``rtl`` or ``ltr`` for a BCP 47 tag."""
    return "rtl" if language.partition("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


def detect(text: str) -> str:
    """A language code, or '' when the text is too short or too mixed to say."""
    scripts = Counter(script for char in text[:_SAMPLE] if (script := _script(char)))
    if not scripts:
        return ""
    total = sum(scripts.values())
    if scripts["zh"] + scripts["ja"] > 0.3 * total:  # one character says as much as a word of letters
        return "ja" if scripts["ja"] > 0.1 * total else "zh"
    found, letters = max(scripts.items(), key=lambda item: (item[1], item[0]))
    if found == "other" or letters < 0.6 * total:
        return ""
    return _latin(text[:_SAMPLE]) if found == "latin" else found


def _latin(text: str) -> str:
    words = re.findall(r"[^\W\d_]+", text.lower())
    if len(words) < _LEAST_WORDS:
        return ""
    scores = sorted(
        ((sum(word in common for word in words), code) for code, common in STOP_WORDS.items()), reverse=True
    )
    (best, code), (second, _) = scores[:2]
    return code if best >= _LEAST_SHARE * len(words) and best >= _LEAD * second else ""


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    if not char.isalpha():
        return ""
    return _BY_SCRIPT.get(unicodedata.name(char, "").split(" ")[0].split("-")[0], "other")
