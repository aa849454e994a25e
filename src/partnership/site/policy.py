"""What a page may load and run, by its Content-Security-Policy.

A page runs one script of its own, known by its hash, and what that script loads; what
came into a page from the data runs nothing, even where an escape were missing. This has
to hold from a folder and from a server alike. Browsers do not agree on whether
``'self'`` means anything in a page from a file, and do not compare a script from a file
with a hash: so the script is inline, and ``'strict-dynamic'`` trusts what it loads.
Styles and pictures come from the folder or the server of the page, and no tag has a
style; the search form leads to a page there, so ``form-action`` is not ``'none'``.

References
----------
Content Security Policy Level 3, https://www.w3.org/TR/CSP3/
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable

from markupsafe import Markup

NEAR = "'self' file:"


def loader(root: str, names: Iterable[str]) -> Markup:
    """Script that loads files of ``static`` in their order; empty if there are none."""
    files = [f"{root}static/{name}" for name in names]
    made = (
        f"for (const file of {json.dumps(files)}) document.body.append(Object.assign("
        'document.createElement("script"), {src: file, async: false}));'
    )
    return Markup(made if files else "")


def policy(script: str = "", style: str = "") -> str:
    """Policy of a page with this inline script and this inline style, or none.

    >>> policy().partition(";")[0]
    "default-src 'none'"
    """
    rules = {
        "default-src": "'none'",
        "base-uri": "'none'",
        "form-action": NEAR,
        "img-src": f"{NEAR} data:",
        "style-src": _hash(style) if style else NEAR,
    }
    if script:
        rules["script-src"] = f"{_hash(script)} 'strict-dynamic'"
    return "; ".join(map(" ".join, rules.items()))


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
