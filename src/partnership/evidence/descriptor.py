"""What a datapackage.json has wrong: its form, and tables and columns it lacks."""

import warnings

from partnership.evidence import declared, patterns
from partnership.evidence.faults import Problem, misshapen, names_of, no_date, one_line

# What a descriptor must look like as far as it is read; keys with "!" are needed.
_KEY, _VALUE = (str, [str]), (str, float, bool)
_RULES = {"enum": [_VALUE], "pattern": str, "required": bool, "unique": bool}
_RULES |= dict.fromkeys(declared.LIMITS, (str, float))
_RULES |= dict.fromkeys(declared.LENGTHS, int)
_FIELD = dict.fromkeys(("name!", "type", "unit", "description", "holds"), str) | {
    "constraints": _RULES,
    "listOf": {"resource!": str, "field!": str},
}
_REFERENCE = {"fields!": _KEY, "reference!": {"resource": str, "fields!": _KEY}}
_SCHEMA = {"fields!": [_FIELD], "primaryKey": _KEY, "foreignKeys": [_REFERENCE]}
_SCHEMA |= {"distinct": [[str]], "uniqueKeys": [[str]]}
_VIEW = dict.fromkeys(("series!", "reporter!", "partner!", "period!"), str)
_VIEW |= dict.fromkeys(("stated_by!", "qualifier!", "valuation!"), str)
_ABOUT = dict.fromkeys(("title", "description", "version", "created", "$schema"), str)
_ABOUT |= {"licenses": [dict.fromkeys(("name", "title", "path"), str)]}
_RESOURCE = dict.fromkeys(("name!", "hash", "source_id"), str) | _ABOUT
_RESOURCE |= {"view": _VIEW, "schema": _SCHEMA, "rows": int, "bytes": int}
_REPORT = dict.fromkeys(("name!", "day!", "source_id!", "narrator"), str)
_DESCRIPTOR = {"name": str, "pair": [str], "resources": [_RESOURCE]} | _ABOUT
_DESCRIPTOR |= {"report": _REPORT, "contributors": [{"title": str}]}


def malformed(found):
    """What is wrong with the form of a datapackage.json; empty if nothing is."""
    if fault := misshapen(found, _DESCRIPTOR, "datapackage.json"):
        return fault
    if len({*(found.get("pair") or "ab")}) != 2:
        return f"datapackage.json, pair: found {found['pair']}; allowed: two economies"
    days = {"created": found.get("created"), "report, day": None}
    days["report, day"] = (found.get("report") or {}).get("day")
    for place, day in days.items():
        if day is not None and (len(day[:10]) < 10 or no_date(day[:10])):
            allowed = "allowed: a day such as 2026-11-27"
            return f"datapackage.json, {place}: found {day!r:.60}; {allowed}"
    resources = [one for one in found.get("resources") or () if one.get("schema")]
    for resource in resources:
        place = f"datapackage.json, table {resource['name']}"
        schema = resource["schema"]
        names = [field["name"] for field in schema["fields"]]
        keys = [schema.get("primaryKey") or []]
        keys += [key["fields"] for key in schema.get("foreignKeys") or ()]
        keys += [*(schema.get("distinct") or []), *(schema.get("uniqueKeys") or [])]
        view = resource.get("view") or {}
        keys += [view[part] for part in ("reporter", "partner", "period") if view]
        used = {name for key in keys for name in names_of(key)}
        if not all(one.strip() for one in (resource["name"], *names)):
            return f"{place}: found an empty name; allowed: text"
        if len(set(names)) < len(names) or not names or not used <= set(names):
            return f"{place}: columns stand twice, there is none, or a key names others"
        for key in schema.get("foreignKeys") or ():
            own, there = (names_of(of["fields"]) for of in (key, key["reference"]))
            if len(own) != len(there) or not own:
                return f"{place}, foreignKeys: found {own} and {there}; allowed: pairs"
        for field in schema["fields"]:
            pattern = (field.get("constraints") or {}).get("pattern")
            if message := patterns.wrong(pattern or ""):
                return f"{place}, field {field['name']}: pattern {message}"
            if message := declared.wrong(field):
                return f"{place}, field {field['name']}, {message}"
    tables = [one["name"] for one in resources]
    if len(set(tables)) < len(tables):
        return "datapackage.json: two tables have one name"
    if unread := declared.unread(found):
        more = f" and {len(unread) - 12} more" if len(unread) > 12 else ""
        said = f"datapackage.json: not checked: {'; '.join(unread[:12])}{more}"
        warnings.warn(one_line(said), stacklevel=5)
    return ""


STATED = ("observation_id", "statement_id")
"""Columns by which a table of statements is known."""

# Columns that the rule of `series`, the checks of `plausible` and the verdicts read.
_STATED = "observation_id statement_id series stated_by reporter partner period note "
_STATED += "period_type stated_on value unit qualifier bound source_id"
_READ = {
    "series": "series theme unit direction measure",
    "sources": "source_id publisher title published kind reliability",
    "choices": "table series period observation_id set_aside",
    "corrections": "table observation_id column as_meant",
    "speakers": "stated_by kind",
}
_JUDGED = {
    "claims": "claim_id theme statement mark sentence question case headline speaker "
    "said_on value unit unit_words comparison tolerance_percent section",
    "claim_rules": "rule_id claim_id role combine input name where select period "
    "within_months compare_as label",
    "claim_verdicts": "claim_id asked verdict reading_a reading_b reason settlement",
    "evidence": "claim_id stance known_by source_ids",
    "assumptions": "model name kind low base high unit series where period margin "
    "source_id",
}


def missing_columns(tables):
    """The fault that tables, descriptors by name, lack columns that are read."""
    names = {
        name: [field["name"] for field in one["schema"]["fields"]]
        for name, one in tables.items()
    }
    stated = [name for name, own in names.items() if {*STATED} <= {*own}]
    read = dict.fromkeys(stated, _STATED) | (_READ if stated else {})
    read |= _JUDGED if "claims" in names else {}
    gone = {
        name: [one for one in read.get(name, "").split() if one not in own]
        for name, own in names.items()
    }
    said = [
        f"{name} lacks {', '.join(columns)}"
        for name, columns in gone.items()
        if columns
    ]
    message = f"columns that are read: {'; '.join(said)}"
    return [Problem("datapackage.json", message)] if said else []


def missing_tables(tables):
    """The fault that tables, descriptors by name, need others that are not there."""
    needed = {}
    if not tables:
        return [Problem("datapackage.json", "found no table; allowed: one or more")]
    for name, resource in tables.items():
        fields, keys = resource["schema"]["fields"], resource["schema"]
        targets = [one["reference"] for one in keys.get("foreignKeys") or ()]
        targets += [one.get("listOf") or {} for one in fields]
        targets = [one.get("resource") for one in targets]
        if "view" in resource or {*STATED} <= {
            field["name"] for field in fields
        }:  # what the rule of `series` reads
            targets += ["series", "sources", "choices", "corrections"]
        if name == "claims":  # what a verdict reads
            targets += ["claim_rules", "claim_verdicts", "evidence", "sources"]
        for target in dict.fromkeys(targets):
            if target and target not in tables:
                needed.setdefault(target, []).append(name)
    said = "; ".join(f"{name} (for {', '.join(by)})" for name, by in needed.items())
    message = f"tables are missing that others require: {said}"
    if needed:
        return [Problem("datapackage.json", message)]
    return missing_columns(tables)
