"""A page for a person, where a browser comes back from somebody else's and no program waits for the answer."""

import base64
import hashlib

from flask import Response, render_template_string
from pydantic import BaseModel

CLOSE = "setTimeout(() => window.close(), 5000)"
STYLE = """
body { margin: 0; font: 16px/1.5 Roboto, Arial, sans-serif; color: #202124; background: #fff }
main { max-width: 28rem; margin: 15vh auto 0; padding: 0 16px; text-align: center }
h1 { font-size: 1.5rem; font-weight: 400 }
"""
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{ page.heading }} - Tabkeeper</title>
<style>{{ style | safe }}</style>
</head>
<body>
<main>
<h1>{{ page.heading }}</h1>
<p>{{ page.text }}</p>
</main>
{% if page.closes %}<script>{{ close | safe }}</script>{% endif %}
</body>
</html>
"""


class Page(BaseModel):
    """A heading and a text, both plain."""

    heading: str
    text: str
    closes: bool = False
    """Nothing is left to do: the window closes itself, where the browser lets a page close it."""


def page_response(page: Page, *, status: int) -> Response:
    """Nothing is loaded and nothing runs but what stands in it; the address, which held a code, is told to nobody."""
    headers = {
        "Content-Security-Policy": f"default-src 'none'; style-src {_source(STYLE)}; script-src {_source(CLOSE)};"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    html = render_template_string(PAGE, page=page, style=STYLE, close=CLOSE)
    return Response(html, status=status, mimetype="text/html", headers=headers)


def _source(inline: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()}'"
