"""How the consent pages of this machine look: a heading, and a form that a person can fill in and a test can read."""

from flask import Response, render_template_string

LAYOUT = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{ heading }}</title>
<style>
body { margin: 0; font: 15px/1.5 Roboto, Arial, sans-serif; color: #202124; background: #f0f4f9 }
main { max-width: 26rem; margin: 10vh auto 0; padding: 24px; background: #fff; border-radius: 12px }
h1 { font-size: 1.4rem; font-weight: 400; margin: 0 0 16px }
label, fieldset { display: block; margin: 0 0 16px }
fieldset { border: 1px solid #dadce0; border-radius: 8px }
input[type=email] { display: block; width: 100%; box-sizing: border-box; font: inherit; padding: 8px }
button { font: inherit; padding: 8px 20px; border: 1px solid #747775; border-radius: 20px; background: #fff }
button[value=allow] { background: #0b57d0; border-color: #0b57d0; color: #fff }
small { color: #5f6368 }
</style>
</head>
<body>
<main>
<h1>{{ heading }}</h1>
__BODY__
<p><small>{{ place }}, on this machine</small></p>
</main>
</body>
</html>
"""


def consent_page(heading: str, body: str, *, place: str, status: int = 200, **values: object) -> Response:
    """`body` is a template; `place` is whose page it stands for."""
    html = render_template_string(LAYOUT.replace("__BODY__", body), heading=heading, place=place, **values)
    return Response(html, status=status, mimetype="text/html", headers={"Cache-Control": "no-store"})
