"""Patterns of descriptors: regular expressions that are known to end before they run.

How many steps one may take is bounded from what it is made of: the forms that each
part can take on a cell, multiplied, since a match may try all of them. What is above
the bound is refused; nothing waits for a clock.
"""

import re
import warnings
from re import _parser

_MOST, _MOST_EACH, _MOST_OF_ONE = 2 * 10**9, 10**4, 10**8
"""Steps for a column, for each of its cells on top, and for one cell."""

_SHORT = 20  # signs of a cell on which every pattern has to end soon


def wrong(pattern):
    """What is wrong with a pattern: not readable, or slow without end on some cell."""
    try:
        _, parsed = _read(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return f"{pattern!r:.60} cannot be read: {error}"
    many = _forms(parsed, _SHORT) * _size(parsed) > _MOST_OF_ONE
    if _slow(parsed) or _open_ends(parsed) > 3 or many:
        allowed = "three open repeats, none of what itself repeats or has a choice"
        return f"{pattern!r:.60} may take without end; allowed: {allowed}"
    return ""


def odd(pattern, cells):
    """What is wrong with cells, by cell: another form, or too long to be tried."""
    rule, parsed = _read(pattern)
    found = {}
    left, size = _MOST + _MOST_EACH * len(cells), _size(parsed)
    for cell in cells:
        steps = _forms(parsed, len(cell)) * size
        if steps > min(left, _MOST_OF_ONE):
            found[cell] = f"too long to be tried on the form {pattern}"
            continue
        left -= steps
        if not rule.fullmatch(cell):
            found[cell] = f"allowed form: {pattern}"
    return found


def _read(pattern):
    """A pattern to match with, and what it is made of."""
    with warnings.catch_warnings(action="ignore"):  # of what a later Python may read
        return re.compile(pattern), _parser.parse(pattern)


def _parts(parsed):
    """Kind and description of each part of a pattern, with the patterns in it."""
    for kind, about in parsed:
        inner = about[1] if str(kind) == "BRANCH" else about
        inner = inner if isinstance(inner, list | tuple) else [inner]
        subs = [one for one in inner if isinstance(one, _parser.SubPattern)]
        yield str(kind), about, subs


def _forms(parsed, length):
    """How many ways a match on a cell of a length may have to try, at most."""
    found = 1
    for kind, about, inner in _parts(parsed):
        ways = [_forms(one, length) for one in inner]
        if kind.endswith("_REPEAT"):
            most = min(about[1], length + 1)
            found *= max(1, most - about[0] + 1) * max(1, sum(ways)) ** min(most, 40)
        elif ways:  # one of them, as in (a|b), or a single one
            found *= sum(ways)
    return found


def _size(parsed):
    """How many signs a pattern looks at in one try, repeats at their least."""
    found = 1
    for kind, about, inner in _parts(parsed):
        within = sum(map(_size, inner))
        found += within * max(1, about[0]) if kind.endswith("_REPEAT") else within + 1
    return found


def _slow(parsed, repeated=False):
    """Whether something of many forms stands within a repeat: (a+)+, (a|aa)*."""
    for kind, about, inner in _parts(parsed):
        repeat = kind.endswith("_REPEAT")
        if repeated and (kind == "BRANCH" or (repeat and about[0] != about[1])):
            return True
        again = repeated or (repeat and about[1] > 1)
        if any(_slow(one, again) for one in inner):
            return True
    return False


def _open_ends(parsed):
    """How many repeats without an end a pattern has."""
    return sum(
        (kind.endswith("_REPEAT") and about[1] > 100) + sum(map(_open_ends, inner))
        for kind, about, inner in _parts(parsed)
    )
