"""Words of texts and questions as the search compares them; search.js does the same.

Forms of a word are one, and so are 2019/20, 2019-20 and 2019/2020, and 14,000 and
14 000. What is known of other words for a thing is data: names of economies, and the
table ``search_words``.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Sequence

from partnership.evidence.periods import ACADEMIC, academic_year

# Words that say nothing about what is looked for.
_SAYING_NOTHING = (
    "a about all an and any are as at be been by can could did do does for from get "
    "give had has have how i in is it its many me much my of on or our please say says "
    "show so some tell than that the their there these they this those to was we were "
    "what when where which who whom whose why will with would you "
    "в где для из и как какие какой когда кто на о от по с сколько что"
)
STOP = frozenset(_SAYING_NOTHING.split())
# Endings, what stands in their place, and how many letters must be left before them.
PLURALS = (("ies", "y", 2), ("sses", "ss", 1), ("s", "", 3))
ENDINGS = (
    *(("ations", "", 4), ("ation", "", 4), ("tion", "", 4), ("ings", "", 3)),
    *(("ing", "", 3), ("ied", "y", 2), ("ed", "", 3)),
    *(("ly", "", 4), ("al", "", 5)),
)
DOERS = (("er", "", 4),)  # after the others: deliver, delivered and delivery are one
_DAY = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?(?!\d)")
_WORD = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+")


def folded(text: str) -> str:
    """Text in small letters, without accents, with digits in groups joined."""
    text = text.lower()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(sign for sign in text if not unicodedata.combining(sign))
    return re.sub(r"(?<=\d)[,\s](?=\d{3}(?!\d))", "", text)


@functools.cache
def stem(word: str) -> str:
    """Word without what tells its forms apart; no dictionary word."""
    word = _cut(_cut(word, PLURALS), ENDINGS)
    if len(word) > 4 and word[-1] in "ey":
        word = word[:-1]
    word = _cut(word, DOERS)
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


def _cut(word: str, endings: Sequence[tuple[str, str, int]]) -> str:
    """Word without the first of some endings that it has."""
    for ending, instead, least in endings:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            kept = ending == "s" and word[-2] in "us"  # bus, press
            return word if kept else word[: -len(ending)] + instead
    return word


def tokens(text: str) -> list[str]:
    """What the search compares of a text, in its order, stop words left out.

    An academic year counts as itself and as both years, a day as its month and its
    year too.
    """
    text, found = folded(text), []

    def years(match):
        if named := academic_year(match):
            found.extend([named, match[1]])  # it is rather a year's that it begins in
        return f" {(named or match[0]).replace('/', ' ')} "

    def days(match):
        year, month, day = match.groups()
        found.extend([f"{year}-{month}", *([f"{year}-{month}-{day}"] if day else [])])
        return f" {year} "

    rest = _DAY.sub(days, ACADEMIC.sub(years, text))
    found += [_token(word) for word in _WORD.findall(rest) if word not in STOP]
    return found


def _token(word: str) -> str:
    return word if word[0].isdigit() else stem(word)


class Meanings:
    """Other words for a thing: by how a word begins, the words that texts have.

    Parameters
    ----------
    pairs : iterable of (str, str)
        A word, or how its forms begin, and what it means.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        found: dict[str, dict[str, None]] = {}
        for begins, meant in pairs:
            found.setdefault(folded(begins), {}).update(dict.fromkeys(tokens(meant)))
        self.known = {begins: list(meant) for begins, meant in found.items()}

    def of(self, word: str) -> list[str]:
        """Tokens that a word may stand for beside itself, by its longest beginning."""
        fits = [one for one in self.known if word.startswith(one)]
        return self.known[max(fits, key=len)] if fits else []

    def asked(self, question: str) -> list[list[str]]:
        """Each word of a question as the tokens one of which a text must have."""
        found = {}
        text = folded(question)
        for years in ACADEMIC.finditer(text):
            if named := academic_year(years):
                found[named] = [named]
        rest = ACADEMIC.sub(lambda m: " " if academic_year(m) else m[0], text)
        for day in _DAY.finditer(rest):
            found[day[0]] = [day[0]]
        for word in _WORD.findall(_DAY.sub(" ", rest)):
            if word not in STOP:
                token = _token(word)
                found[token] = list(dict.fromkeys([token, *self.of(word)]))
        return list(found.values())
