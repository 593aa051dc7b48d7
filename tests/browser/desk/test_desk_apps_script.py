"""What the desk gives an add-on is what Apps Script gives it: tried with an add-on of a few lines."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Frame, FrameLocator, Page, expect

from tests.desk import API, Desk

ALL_SPREADSHEETS = "https://www.googleapis.com/auth/spreadsheets"
OPEN_SPREADSHEET = f"{ALL_SPREADSHEETS}.currentonly"
SCOPES = {
    "openid": "openid",
    "container": "https://www.googleapis.com/auth/script.container.ui",
    "email": "https://www.googleapis.com/auth/userinfo.email",
    "spreadsheet": OPEN_SPREADSHEET,
}
CONSTANT = "const shared = 'seen';"
SERVER = """
let calls = 0;
function onOpen() { SpreadsheetApp.getUi().createAddonMenu().addItem('Open Tiny', 'showSidebar').addToUi(); }
function showSidebar() {
  const page = HtmlService.createTemplateFromFile('pages/Sidebar');
  SpreadsheetApp.getUi().showSidebar(page.evaluate().setTitle('Tiny'));
}
function showCard() {
  const action = CardService.newAction().setFunctionName('showSidebar');
  const section = CardService.newCardSection()
    .addWidget(CardService.newTextParagraph().setText('What it <b>is</b>'))
    .addWidget(CardService.newTextButton().setText('Open it').setOnClickAction(action));
  return CardService.newCardBuilder().setHeader(CardService.newCardHeader().setTitle('Hello'))
    .addSection(section).build();
}
function secret_() { return 1; }
function echo(value) { return value; }
function value(code) { return new Function(`return ${code}`)(); }
function fail() { throw new Error('no more paper'); }
function next() { calls += 1; return calls; }
function slow(n) {
  const end = Date.now() + 60;
  while (Date.now() < end);
  return n;
}
"""
PAGE = """<!DOCTYPE html><html><head><title>t</title></head><body>
<h1><?= shared ?></h1><button onclick="google.script.host.close()">Done</button>
</body></html>"""
CALL = """([name, args]) => new Promise((resolve) => {
  google.script.run.withSuccessHandler(resolve).withFailureHandler((error) => resolve(error.message))[name](...args);
})"""


def put_addon(desk: Desk, *, scopes: Sequence[str] = tuple(SCOPES), server: str = SERVER) -> None:
    homepage = {"common": {"name": "Tiny", "homepageTrigger": {"runFunction": "showCard"}}}
    desk.put_addon(
        {
            "appsscript.json": json.dumps({"oauthScopes": [SCOPES[name] for name in scopes], "addOns": homepage}),
            "Constant.js": CONSTANT,
            "Server.js": server,
            "pages/Sidebar.html": PAGE,
        }
    )


@dataclass(frozen=True)
class AddOn:
    """The tiny one, its sidebar open."""

    frame: Frame

    def call(self, name: str, *args: object) -> Any:
        """What a function of its server part answers, or the message of its failure."""
        return self.frame.evaluate(CALL, [name, list(args)])

    def value(self, code: str) -> Any:
        """Of an expression that the server part evaluates."""
        return self.call("value", code)

    def run(self, script: str) -> Any:
        """What a function of the page gives."""
        return self.frame.evaluate(script)


def open_sidebar(page: Page, desk: Desk) -> FrameLocator:
    page.goto(f"{desk.http.base_url}/?open=1&spreadsheet={desk.new_spreadsheet()}")
    return page.frame_locator("iframe")


@pytest.fixture(scope="module")
def opened(window: Page, desk: Desk) -> AddOn:
    put_addon(desk)
    expect(open_sidebar(window, desk).get_by_role("button", name="Done")).to_be_visible()
    return AddOn(window.frames[1])


@pytest.fixture
def addon(opened: AddOn, desk: Desk) -> AddOn:
    """With all its scopes."""
    put_addon(desk)
    return opened


@pytest.mark.parametrize("name", ["secret_", "postMessage", "eval", "missing"])
def test_only_the_scripts_own_public_functions_can_be_called(addon: AddOn, name: str) -> None:
    """Neither one whose name ends in an underscore, nor what the script did not declare."""
    assert addon.call(name) == f"Script function not found: {name}"


def test_at_most_ten_calls_run_at_once(addon: AddOn, window: Page) -> None:
    """The others wait; all are answered."""
    at_once = []
    window.on("worker", lambda _: at_once.append(len(window.workers)))
    answers = addon.run(
        """() => Promise.all(Array.from({ length: 25 }, (_, n) =>
          new Promise((resolve) => google.script.run.withSuccessHandler(resolve).slow(n))))"""
    )
    assert answers == list(range(25))
    assert 1 < max(at_once) <= 10


@pytest.mark.parametrize("value", ["new Date()", "() => 1", "document.body", "cycle"])
def test_illegal_arguments_are_refused_at_once(addon: AddOn, value: str) -> None:
    """Where the page can still see who passed them."""
    property_ = "self" if value == "cycle" else "wrong"
    message = addon.run(
        f"""() => {{
          const cycle = {{}};
          cycle.self = cycle;
          try {{ google.script.run.echo({{ wrong: {value} }}); }} catch (error) {{ return error.message; }}
        }}"""
    )
    assert message == f"Failed due to illegal value in property: {property_}"


def test_arguments_arrive_as_copies(addon: AddOn) -> None:
    """Nested as they are; what is undefined in an array is null."""
    answer = addon.run(
        """() => new Promise((resolve) => google.script.run.withSuccessHandler(resolve)
          .echo({ list: [1, undefined, 'a'], deep: { yes: true, no: null } }))"""
    )
    assert answer == {"list": [1, None, "a"], "deep": {"yes": True, "no": None}}


@pytest.mark.parametrize("value", ["new Date()", "{ when: new Date() }", "[() => 1]", "undefined"])
def test_illegal_results_become_null(addon: AddOn, value: str) -> None:
    """The whole result, not a part of it."""
    assert addon.value(value) is None


def test_errors_reach_the_failure_handler(addon: AddOn) -> None:
    """As an object with a message, and with the user object of the call."""
    answer = addon.run(
        """() => new Promise((resolve) => google.script.run
          .withFailureHandler((error, user) => resolve([error.name, error.message, user]))
          .withUserObject('mine').fail())"""
    )
    assert answer == ["ScriptError", "Error: no more paper", "mine"]


def test_nothing_is_left_from_one_call_to_the_next(addon: AddOn) -> None:
    """A global starts anew with each execution."""
    assert [addon.call("next"), addon.call("next")] == [1, 1]


def test_files_share_one_scope(addon: AddOn) -> None:
    """A constant of one file is seen in the others, and in templates."""
    assert addon.value("shared") == "seen"
    assert addon.run("() => document.querySelector('h1').textContent") == "seen"


def test_script_has_nothing_of_a_browser(addon: AddOn) -> None:
    """Code that would fail on Google's side fails here."""
    names = ["fetch", "setTimeout", "XMLHttpRequest", "document", "window", "localStorage"]
    assert addon.value(f"{names}.filter((name) => globalThis[name] !== undefined)") == []


def test_templates_run_escape_and_include(addon: AddOn) -> None:
    """`<? ?>` runs, `<?= ?>` escapes, `<?!= ?>` does not; what is set on the template are its variables."""
    template = "<? for (const n of [1, 2]) { ?><i><?= n ?></i><? } ?> <?= given ?> <?!= given ?>"
    code = f"Object.assign(HtmlService.createTemplate({template!r}), {{ given: '<b>' }}).evaluate().getContent()"
    assert addon.value(code) == "<i>1</i><i>2</i> &#60;b&#62; <b>"


def test_missing_page_is_named(addon: AddOn) -> None:
    """Pages are found by name with their folder."""
    missing = "Exception: No HTML file named Sidebar was found."
    assert addon.value("HtmlService.createHtmlOutputFromFile('Sidebar')") == missing


def not_sufficient(method: str, scopes: str) -> str:
    return f"Exception: Specified permissions are not sufficient to call {method}. Required permissions: {scopes}"


@pytest.mark.parametrize(
    ("scope", "code", "answer"),
    [
        ("openid", "ScriptApp.getIdentityToken()", None),
        (
            "spreadsheet",
            "SpreadsheetApp.getActiveSpreadsheet().getId()",
            not_sufficient("SpreadsheetApp.getActiveSpreadsheet", f"({OPEN_SPREADSHEET} || {ALL_SPREADSHEETS})"),
        ),
        (
            "email",
            "Session.getActiveUser().getEmail()",
            not_sufficient("Session.getActiveUser", SCOPES["email"]),
        ),
        ("container", "showSidebar()", not_sufficient("Ui.showSidebar", SCOPES["container"])),
        (
            "",
            "UrlFetchApp.fetch('https://elsewhere.example')",
            not_sufficient("UrlFetchApp.fetch", "https://www.googleapis.com/auth/script.external_request"),
        ),
    ],
)
def test_missing_scopes_are_felt(addon: AddOn, desk: Desk, scope: str, code: str, answer: str | None) -> None:
    """What the manifest does not ask for does not work here either."""
    put_addon(desk, scopes=[name for name in SCOPES if name != scope])
    assert addon.value(code) == answer


def test_identity_token_comes_with_its_scope(addon: AddOn) -> None:
    """A signed token, in three parts."""
    assert addon.value("ScriptApp.getIdentityToken().split('.').length") == 3


def test_script_properties_hold_the_api(addon: AddOn) -> None:
    """As an admin sets it once for the script project."""
    assert addon.value("PropertiesService.getScriptProperties().getProperty('API_URL')") == API


def test_script_sees_the_open_spreadsheet(page: Page, desk: Desk) -> None:
    """Its tabs, and how far they are filled."""
    put_addon(desk)
    sidebar = open_sidebar(page, desk)
    expect(sidebar.get_by_role("button", name="Done")).to_be_visible()
    (spreadsheet_id,) = parse_qs(urlsplit(page.url).query)["spreadsheet"]
    desk.enter(spreadsheet_id, "7", cell="C4")
    tabs = "SpreadsheetApp.getActive().getSheets().map((tab) => [tab.getName(), tab.getLastRow(), tab.getLastColumn()])"
    assert AddOn(page.frames[1]).value(tabs) == [["Sheet1", 4, 3]]


def test_script_shows_a_tab(addon: AddOn, window: Page) -> None:
    """The person is led to where her rows are."""
    window.get_by_role("button", name="Add a sheet").click()
    expect(window.get_by_role("tab", name="Sheet2")).to_have_attribute("aria-selected", "true")
    addon.value("SpreadsheetApp.getActive().getSheets()[0].activate().getName()")
    expect(window.get_by_role("tab", name="Sheet1")).to_have_attribute("aria-selected", "true")


def test_opening_may_touch_nothing_but_the_menu(page: Page, desk: Desk) -> None:
    """It runs before anybody has allowed the add-on anything in this spreadsheet."""
    put_addon(
        desk, server="function onOpen(e) { if (e.authMode === ScriptApp.AuthMode.NONE) Session.getActiveUser(); }"
    )
    page.goto(f"{desk.http.base_url}/?spreadsheet={desk.new_spreadsheet()}")
    refusal = "Exception: You do not have permission to call Session.getActiveUser"
    expect(page.get_by_role("alert").get_by_text(refusal)).to_be_visible()


def test_add_on_is_opened_from_its_menu_and_its_card_and_closes_itself(page: Page, desk: Desk) -> None:
    """Extensions and its item, or its card's button; a page's Done button closes it."""
    put_addon(desk)
    page.goto(f"{desk.http.base_url}/?spreadsheet={desk.new_spreadsheet()}")
    sidebar = page.get_by_role("complementary", name="Tiny")
    done = page.frame_locator("iframe").get_by_role("button", name="Done")
    page.get_by_role("button", name="Extensions").click()
    page.get_by_role("menuitem", name="Open Tiny").click()
    done.click()
    expect(sidebar).to_be_hidden()
    page.get_by_role("button", name="Tiny", exact=True).click()
    expect(sidebar.get_by_role("heading", name="Hello")).to_be_visible()
    expect(sidebar.get_by_text("What it is")).to_be_visible()
    sidebar.get_by_role("button", name="Open it").click()
    expect(done).to_be_visible()
