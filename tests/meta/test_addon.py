"""What Apps Script would only tell when a merchant opens the add-on."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.tools.page_scripts import scripts

CHECKOUT = Path(__file__).resolve().parents[2]
MANIFEST = json.loads((CHECKOUT / "appsscript.json").read_text())
SERVER = "\n".join(file.read_text() for file in sorted(CHECKOUT.glob("addon/*.js")))
SHELL = CHECKOUT / "addon/sidebar/Sidebar.html"
PAGES = sorted({*CHECKOUT.glob("addon/sidebar/*.html"), *CHECKOUT.glob("addon/vendor/*.html")} - {SHELL})

GOOGLE = "https://www.googleapis.com/auth"
WHAT_ASKS = {
    "openid": r"ScriptApp\.getIdentityToken",
    f"{GOOGLE}/userinfo.email": r"ScriptApp\.getIdentityToken",
    f"{GOOGLE}/spreadsheets.currentonly": r"SpreadsheetApp\.getActive",
    f"{GOOGLE}/script.container.ui": r"\.show(Sidebar|ModalDialog|ModelessDialog)\(",
}
"""The calls that take each scope; the identity token names no email without that of userinfo.email."""
CALLS = {
    "ScriptApp": {"getIdentityToken"},
    "SpreadsheetApp": {"getActiveSpreadsheet", "getUi"},
    "PropertiesService": {"getScriptProperties"},
    "HtmlService": None,
    "CardService": None,
}
"""The services that these scopes suffice for, and which of their calls where others take more."""

CODE = re.compile(r"//[^\n]*|/\*.*?\*/|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"|[`{}]", re.DOTALL)
TEMPLATE = re.compile(r"(?:\\.|\$(?!\{)|[^`$\\])*(`|\$\{)", re.DOTALL)


def functions() -> set[str]:
    """Those that Apps Script, a menu or a page may call."""
    return {name for name in re.findall(r"^function (\w+)\(", SERVER, flags=re.MULTILINE) if not name.endswith("_")}


def template_texts(script: str) -> Iterator[str]:
    """What stands between the backticks of a script, up to and between its `${...}`."""
    inside: list[str] = []
    place = 0
    while found := (TEMPLATE.match if inside[-1:] == ["`"] else CODE.search)(script, place):
        if inside[-1:] == ["`"]:
            yield found[0]
            if found[1] == "`":
                inside.pop()
            else:
                inside.append("{")
        elif found[0] in {"`", "{"}:
            inside.append(found[0])
        elif found[0] == "}":
            inside.pop()
        place = found.end()
    assert inside == []


def test_manifest_asks_for_the_scopes_that_are_used() -> None:
    """A scope too many frightens merchants and Google's reviewers; one too few ends in a refusal."""
    assert set(MANIFEST["oauthScopes"]) == {scope for scope, call in WHAT_ASKS.items() if re.search(call, SERVER)}


def test_admins_are_told_of_each_scope() -> None:
    """Google warns people of an add-on that asks for a scope which its consent screen does not name."""
    guide = (CHECKOUT / "docs/publish.md").read_text()
    told = {scope.removeprefix("…/auth/") for scope in re.findall(r"`(openid|…/auth/[\w.]+)`", guide)}
    assert told == {scope.removeprefix(f"{GOOGLE}/") for scope in MANIFEST["oauthScopes"]} | {"spreadsheets"}


def test_no_service_is_called_that_takes_another_scope() -> None:
    """A new service, or another call of one, belongs into this table together with its scope."""
    services = re.findall(r"\b([A-Z]\w*(?:App|Service)|Session|Utilities|Logger)\.(\w+)\(", SERVER)
    assert services
    assert [
        f"{service}.{call}"
        for service, call in services
        if service not in CALLS or (CALLS[service] is not None and call not in (CALLS[service] or ()))
    ] == []


def test_functions_that_are_called_by_name_exist() -> None:
    """From the manifest, the menu and the page; no compiler looks into those names."""
    pages = "\n".join(page.read_text() for page in PAGES)
    named = re.findall(r'"runFunction": "(\w+)"', json.dumps(MANIFEST))
    named += re.findall(r"\.addItem\([^()]*'(\w+)'\)", SERVER)
    named += re.findall(r"Script\.call\('(\w+)'", pages)
    assert len(named) >= 3
    assert set(named) <= functions()


def test_sidebar_includes_each_file_once() -> None:
    """A file that is not included is missed only when somebody opens the screen that it holds."""
    included = Counter(re.findall(r"include_\('([\w/-]+)'\)", SHELL.read_text()))
    assert included == Counter(str(page.relative_to(CHECKOUT).with_suffix("")) for page in PAGES)


def test_each_global_of_the_page_is_used() -> None:
    """The linter cannot tell: the files of the page share one scope."""
    page = "\n".join(scripts(file.read_text()) for file in CHECKOUT.glob("addon/sidebar/*.html"))
    declared = re.findall(r"^(?:const|let|class|(?:async )?function) (\w+)", page, flags=re.MULTILINE)
    used = Counter(re.findall(r"\w+", page))
    assert declared
    assert [name for name in declared if used[name] == 1] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_template_literal_looks_like_a_comment(page: Path) -> None:
    """HTML service takes // and /* */ for comments in template literals too, and cuts what they hold out of a page."""
    texts = list(template_texts(scripts(page.read_text())))
    assert [text for text in texts if "//" in text or "/*" in text] == []
