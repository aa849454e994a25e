"""Ask a running kernel for the values that the prose of a notebook states.

An expression stands in a comment behind a number, ``319<!--goods.value.max()-->``. The
kernel that has just run the section answers it: `request` goes out as the
``user_expressions`` of an execute request with empty code, which prints nothing and
counts as no cell; in the kernel `answers` evaluates; `reply` reads what comes back.

Nothing here needs more than the standard library until a value is a stated figure.
"""

from __future__ import annotations

import ast
import builtins
import json
import math
import numbers
import re
from collections.abc import Mapping, Sequence
from typing import Any

PERIOD = re.compile(
    r"\d{4}(?:/\d{4}|-\d\d(?:-\d\d)?)?(?:\.\.\d{4}(?:/\d{4}|-\d\d(?:-\d\d)?)?)?"
)
# What changes the state of a notebook, or reads and writes elsewhere, when called.
CHANGING = re.compile(
    "add|append|breakpoint|clear|compile|delattr|discard|eval|exec|exit|extend|fill"
    "|globals|input|insert|locals|mkdir|next|open|pop|popitem|print|put|quit|remove"
    "|reverse|savefig|seed|send|setattr|setdefault|show|shuffle|sort|throw|to_csv"
    "|unlink|(.*_)?update|use|vars|write.*"
)


def printed(value: Any) -> str:
    """Write a value as sentences are compared with it.

    Parameters
    ----------
    value : number, date or period
        One number (Python or NumPy); or a date, or a period as text (``"2013"``,
        ``"2016/2017"``, ``"2017-03-30"``, ``"2006..2023"``).

    Returns
    -------
    str
        Integers in full, other numbers with six significant digits and at least two
        decimals, so that the last digits of a float never make a difference.

    Raises
    ------
    TypeError
        If the value is not one number, date or period.
    ValueError
        If it is missing or infinite.
    """
    if hasattr(value, "isoformat"):  # a date; pandas' NaT gives "NaT", not a period
        value = value.isoformat()[:10]
    if isinstance(value, str):
        if PERIOD.fullmatch(value):
            return str(value)
        found = f"found the text {value!r}"
        raise TypeError(f"{found}; allowed is a number, date or period")
    is_bool = type(value).__name__ in ("bool", "bool_")
    # A one-element Series has __float__ as well, but a sentence needs one number.
    if is_bool or not hasattr(value, "__float__") or hasattr(value, "__len__"):
        kind = type(value).__name__
        raise TypeError(f"found {kind}; allowed is one number, date or period")
    if isinstance(value, numbers.Integral):
        return str(int(value))
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"found {number}; no sentence can rest on it")
    if number.is_integer():
        return str(int(number))
    decimals = max(2, 5 - math.floor(math.log10(abs(number))))
    return f"{number:.{decimals}f}".rstrip("0").rstrip(".")


def fault(expression: str) -> str:
    """Say why an expression may not be asked; nothing if it may."""
    try:
        tree = ast.parse(expression, mode="eval")
    except (SyntaxError, ValueError):
        return "found no Python expression"
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for node in ast.walk(tree):
        if isinstance(node, ast.NamedExpr | ast.Await | ast.Yield | ast.YieldFrom):
            return f"found {ast.unparse(node)}, which may change state"
        name = getattr(node, "id", getattr(node, "attr", ""))
        if name.startswith("__"):
            return f"found {name}; allowed are names of the notebook"
        if isinstance(node, ast.Call):
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if CHANGING.fullmatch(called):
                return f"found a call of {called}, which may change state"
            if any(word.arg == "inplace" for word in node.keywords):
                return "found inplace=, which changes state"
    if not names - set(dir(builtins)):
        return "found no name of the notebook; what is quoted is marked <!--quoted-->"
    return ""


def answer(expression: str, names: Mapping[str, Any]) -> dict[str, str]:
    """Evaluate one expression.

    Parameters
    ----------
    expression : str
        Python, as `fault` allows it.
    names : mapping of str to object
        The notebook's variables; they stay as they are.

    Returns
    -------
    dict of str to str
        ``expression`` and ``answer``, and where the answer is a figure of a table of
        the package ``table`` and ``row``; or ``expression`` and ``error``.
    """
    found = {"expression": expression}
    if reason := fault(expression):
        return found | {"error": reason}
    tree = ast.parse(expression, mode="eval")
    try:
        value = _evaluated(tree.body, names)
        return found | {"answer": printed(value)} | _origin(tree.body, value, names)
    except Exception as error:  # whatever the author's expression raises
        first = (str(error).splitlines() or [""])[0]
        if isinstance(error, TypeError | ValueError) and first.startswith("found "):
            return found | {"error": first}
        return found | {"error": f"found {type(error).__name__}: {first}"}


def answers(expressions: Sequence[str], names: Mapping[str, Any]) -> str:
    """Evaluate expressions, twice and the other way round; JSON for `reply`."""
    first = [answer(one, names) for one in expressions]
    again = [answer(one, names) for one in reversed(expressions)][::-1]
    for one, other in zip(first, again, strict=True):
        if one != other and "error" not in one:
            now = other.get("answer") or other["error"]
            one["error"] = f"found {one.pop('answer')} and then {now}: it changes state"
    return json.dumps(first)


def request(expressions: Sequence[str]) -> dict[str, str]:
    """Return the ``user_expressions`` of a request that asks for these."""
    home = f"__import__({__name__!r}, fromlist=['answers'])"
    return {"answers": f"{home}.answers({list(expressions)!r}, globals())"}


def reply(content: Mapping[str, Any]) -> list[dict[str, str]]:
    """Read the answers in the content of an execute reply.

    Raises
    ------
    RuntimeError
        If the kernel could not answer at all.
    """
    found = content.get("user_expressions", {}).get("answers", content)
    if found.get("status") != "ok":
        said = f"{found.get('ename')}: {found.get('evalue')}"
        raise RuntimeError(f"the kernel does not answer: {said}")
    return json.loads(ast.literal_eval(found["data"]["text/plain"]))


def _evaluated(tree: ast.expr, names: Mapping[str, Any]) -> Any:
    code = compile(ast.fix_missing_locations(ast.Expression(tree)), "prose", "eval")
    return eval(code, dict(names))


def _origin(tree: ast.expr, value: Any, names: Mapping[str, Any]) -> dict[str, str]:
    """Return table and row of a stated figure; nothing for what is computed.

    Stated is a claim, and ``frame.value[period]``, ``.iloc[i]``, ``.max()``, ``.min()``
    and ``.item()`` of a frame with observations. The same expression on the column of
    ids names the row.
    """
    if hasattr(value, "claim_id"):
        return {"table": "claims", "row": str(value.claim_id)}
    parent, how = tree, "at"
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Attribute):
        parent, how = tree.func, tree.func.attr
        if tree.args or tree.keywords or how not in ("max", "min", "item"):
            return {}
    elif not isinstance(tree, ast.Subscript):
        return {}
    column = parent.value
    if how == "at" and getattr(column, "attr", "") in ("loc", "iloc", "at", "iat"):
        parent, column = column, column.value
    if not _is_value(column):
        return {}
    try:
        frame = _evaluated(column.value, names)
        ids = frame["observation_id"]
        if how in ("max", "min"):
            rows = list(ids[frame["value"] == value])
        else:
            parent.value = ast.Name("_ids_of_rows", ast.Load())
            rows = [_evaluated(tree, {**names, "_ids_of_rows": ids})]
        if len(rows) == 1 and isinstance(rows[0], str):
            return {"table": frame.attrs["table"], "row": str(rows[0])}
    except (AttributeError, KeyError, IndexError, TypeError, ValueError):
        pass  # no frame of stated figures
    return {}


def _is_value(column: ast.expr) -> bool:
    """Whether an expression is ``frame.value`` or ``frame["value"]``."""
    if isinstance(column, ast.Subscript):
        return getattr(column.slice, "value", "") == "value"
    return isinstance(column, ast.Attribute) and column.attr == "value"
