"""A person at a browser: opens pages, ticks what she likes, presses a button, is sent on."""

from html.parser import HTMLParser
from typing import Any, Self

import httpx


class Form(HTMLParser):
    """The only form of a page, and what the page says."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self.buttons: dict[str, tuple[str, str]] = {}
        """By their words: what each sends."""
        self.heading = ""
        self._button: tuple[str, str] | None = None
        self._in_heading = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        match tag:
            case "input" if given.get("type") != "checkbox" or "checked" in given:
                self.fields.append((given["name"], given.get("value", "")))
            case "button":
                self._button = (given["name"], given["value"])
            case "h1":
                self._in_heading = True

    def handle_data(self, data: str) -> None:
        if self._button:
            self.buttons[data.strip()] = self._button
        if self._in_heading:
            self.heading += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "button":
            self._button = None
        self._in_heading = self._in_heading and tag != "h1"


class Person:
    def __init__(self) -> None:
        self._http = httpx.Client(follow_redirects=True, timeout=30)
        self.page: httpx.Response

    def open(self, url: str) -> Self:
        self.page = self._http.get(url)
        return self

    @property
    def form(self) -> Form:
        return Form(self.page.text)

    def press(self, button: str, *, follow: bool = True, **replaced: Any) -> Self:
        """With the form as it stands, but for what is `replaced`; None leaves a field out."""
        form = self.form
        fields: dict[str, list[str]] = {}
        for name, value in [*form.fields, form.buttons[button]]:
            fields.setdefault(name, []).append(value)
        sent = {name: value for name, value in (fields | replaced).items() if value is not None}
        self.page = self._http.post(self.page.url, data=sent, follow_redirects=follow)
        return self

    def close(self) -> None:
        self._http.close()
