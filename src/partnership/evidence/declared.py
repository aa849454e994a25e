"""What a descriptor declares of a column by Table Schema, and what of it is not read.

Packages of others declare more than this project needs. What is declared is either
checked, or refused, or named in one line as not checked; it is never passed over.
"""

import math
import operator
import re

FORMS = {
    "number": (
        r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?",
        "a number with a point as decimal mark",
    ),
    "integer": (r"-?[0-9]{1,18}", "a whole number of 18 digits at most"),
    "boolean": ("true|false", "true or false"),
    "date": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "a day such as 2016-03-31"),
    "yearmonth": (r"[0-9]{4}-[0-9]{2}", "a month such as 2016-03"),
    "year": (r"-?[0-9]{1,9}", "a year such as 2016"),
}
"""By the type of a column: the form of its cells, and words for it."""

TEXTS = ("string", "any", "")
_UNREAD = ("time", "datetime", "duration", "geopoint", "geojson", "object", "array")
TYPES = {*FORMS, *TEXTS, *_UNREAD, "list"}
NUMBERS, DAYS = ("number", "integer", "year"), ("date", "yearmonth")
LIMITS = {"minimum": operator.lt, "maximum": operator.gt}
LIMITS |= {"exclusiveMinimum": operator.le, "exclusiveMaximum": operator.ge}
"""By rule: what a cell is to its limit that is not allowed."""

LENGTHS = {"minLength": operator.lt, "maxLength": operator.gt}
_RULES = {"required", "unique", "enum", "pattern", *LIMITS, *LENGTHS}


def value(given, kind):
    """A value of a descriptor as cells of a kind of column are compared with it."""
    if kind in NUMBERS:
        return float(given)
    return str(given).lower() if isinstance(given, bool) else str(given)


def limits(field):
    """Limits of the values of a column, by rule: numbers, or days as text."""
    rules, kind = field.get("constraints") or {}, field.get("type")
    given = {rule: rules[rule] for rule in LIMITS if rules.get(rule) is not None}
    known = kind in (*NUMBERS, *DAYS)
    return {rule: value(limit, kind) for rule, limit in given.items() if known}


def wrong(field):
    """What is wrong with the type, a rule or the marks of a column; or nothing."""
    kind, rules = field.get("type") or "", field.get("constraints") or {}
    if kind not in TYPES:
        allowed = ", ".join(sorted(TYPES - {""}))
        return f"type: found {kind!r:.60}; allowed: {allowed}"
    if field.get("decimalChar") not in (None, "."):
        return f"decimalChar: found {field['decimalChar']!r:.60}; allowed: a point"
    for rule in LENGTHS:
        if (rules.get(rule) or 0) < 0:
            return f"{rule}: found {rules[rule]}; allowed: 0 or more"
    if rules.get("enum") == []:
        return "enum: found no value; allowed: one or more"
    for rule in (*LIMITS, "enum"):
        given = rules.get(rule)
        for one in given if isinstance(given, list) else [given]:
            if one is not None and not _fits(one, kind):
                return f"{rule}: found {one!r:.60}; allowed: {FORMS[kind][1]}"
    return ""


def _fits(given, kind):
    """Whether a value can be one of a column; any can where cells are not checked."""
    try:
        if kind in NUMBERS:
            return math.isfinite(value(given, kind))
        return kind not in FORMS or bool(
            re.fullmatch(FORMS[kind][0], value(given, kind))
        )
    except (ValueError, OverflowError):
        return False


def unread(descriptor):
    """What a descriptor declares that is not checked, in words with the table."""
    found = []
    for resource in descriptor.get("resources") or ():
        schema, name = resource.get("schema"), resource["name"]
        if not schema:
            continue
        said = [key for key in ("dialect",) if resource.get(key)]
        coding = str(resource.get("encoding") or "utf-8").lower()
        if coding.replace("-", "").replace("_", "") not in ("utf8", "ascii", "usascii"):
            said.append(f"encoding {coding}")
        if schema.get("missingValues") not in (None, [], [""]):
            said.append("missingValues")
        for field in schema["fields"]:
            said += [f"{one} of {field['name']}" for one in _of_field(field)]
        found += [f"table {name}, {one}" for one in said]
    return found


def _of_field(field):
    kind, rules = field.get("type") or "", field.get("constraints") or {}
    if kind in _UNREAD or kind == "list":
        yield f"type {kind}"
    if field.get("format") not in (None, "", "default"):
        yield f"format {field['format']}"
    for key in ("missingValues", "categories", "trueValues", "falseValues"):
        if field.get(key):
            yield key
    for rule, value in rules.items():
        plain = rule in _RULES and value is not None
        if plain and rule in LIMITS:
            plain = kind in (*NUMBERS, *DAYS)
        elif plain and rule in LENGTHS:
            plain = kind in TEXTS
        if not plain and value is not None:
            yield rule
