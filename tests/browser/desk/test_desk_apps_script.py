"""What the desk gives an add-on is what Apps Script gives it: each tried with an add-on of a few lines."""

import json
from collections.abc import Sequence

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.desk import API, Desk

ALL_SPREADSHEETS = "https://www.googleapis.com/auth/spreadsheets"
OPEN_SPREADSHEET = f"{ALL_SPREADSHEETS}.currentonly"
SCOPES = {
    "openid": "openid",
    "container": "https://www.googleapis.com/auth/script.container.ui",
    "email": "https://www.googleapis.com/auth/userinfo.email",
    "spreadsheet": OPEN_SPREADSHEET,
}
NO_FILE = "Exception: No HTML file named Sidebar was found."
MENU = """
function onOpen() { SpreadsheetApp.getUi().createAddonMenu().addItem('Open', 'showSidebar').addToUi(); }
function showSidebar() {
  const page = HtmlService.createTemplateFromFile('pages/Sidebar');
  page.given = '<b>bold</b>';
  SpreadsheetApp.getUi().showSidebar(page.evaluate().setTitle('Tiny'));
}
"""
PAGE = """<!DOCTYPE html><html><head><title>t</title></head><body>%s<output></output><script>
const show = (value) => { document.querySelector('output').textContent += JSON.stringify(value) + ' '; };
const run = () => google.script.run.withSuccessHandler(show).withFailureHandler((error) => show(error.message));
%s
</script></body></html>"""


def not_sufficient(method: str, scopes: str) -> str:
    return f"Exception: Specified permissions are not sufficient to call {method}. Required permissions: {scopes}"


def open_addon(
    page: Page,
    desk: Desk,
    *,
    server: str = "",
    client: str = "",
    body: str = "",
    scopes: Sequence[str] = tuple(SCOPES),
) -> FrameLocator:
    """The sidebar of an add-on whose server and page run these scripts; the page shows each answer."""
    manifest = {"oauthScopes": [SCOPES[name] for name in scopes]}
    desk.put_addon(
        {
            "appsscript.json": json.dumps(manifest),
            "Menu.js": MENU,
            "Server.js": server,
            "pages/Sidebar.html": PAGE % (body, client),
        }
    )
    page.goto(f"{desk.http.base_url}/?open=1&spreadsheet={desk.new_spreadsheet()}")
    return page.frame_locator("iframe")


def shown(sidebar: FrameLocator, *values: object) -> None:
    """The page has shown these and nothing else."""
    expect(sidebar.get_by_role("status")).to_have_text(
        " ".join(json.dumps(value, separators=(",", ":")) for value in values)
    )


@pytest.mark.parametrize("name", ["secret_", "postMessage", "eval", "missing"])
def test_only_the_scripts_own_public_functions_can_be_called(page: Page, desk: Desk, name: str) -> None:
    """Neither one whose name ends in an underscore, nor what the script did not declare."""
    sidebar = open_addon(page, desk, server="function secret_() { return 1; }", client=f"run()['{name}']();")
    shown(sidebar, f"Script function not found: {name}")


def test_at_most_ten_calls_run_at_once(page: Page, desk: Desk) -> None:
    """The others wait; all are answered."""
    server = "function slow(n) { const end = Date.now() + 60; while (Date.now() < end); return n; }"
    client = """
    let answers = 0;
    const count = () => { answers += 1; if (answers === 25) show('all'); };
    const start = () => { for (let n = 0; n < 25; n += 1) google.script.run.withSuccessHandler(count).slow(n); };
    """
    sidebar = open_addon(page, desk, server=server, client=client, body='<button onclick="start()">Start</button>')
    at_once = [0]
    page.on("worker", lambda _: at_once.append(len(page.workers)))
    sidebar.get_by_role("button", name="Start").click()
    shown(sidebar, "all")
    assert 1 < max(at_once) <= 10


@pytest.mark.parametrize("value", ["new Date()", "() => 1", "document.body", "cycle"])
def test_illegal_arguments_are_refused_at_once(page: Page, desk: Desk, value: str) -> None:
    """Where the page can still see who passed them."""
    client = f"""
    const cycle = {{}}; cycle.self = cycle;
    try {{ run().echo({{ wrong: {value} }}); }} catch (error) {{ show(error.message); }}
    """
    sidebar = open_addon(page, desk, server="function echo(value) { return value; }", client=client)
    shown(sidebar, f"Failed due to illegal value in property: {'self' if value == 'cycle' else 'wrong'}")


def test_arguments_arrive_as_copies(page: Page, desk: Desk) -> None:
    """Nested as they are; what is undefined in an array is null."""
    client = "run().echo({ list: [1, undefined, 'a'], deep: { yes: true, no: null } });"
    sidebar = open_addon(page, desk, server="function echo(value) { return value; }", client=client)
    shown(sidebar, {"list": [1, None, "a"], "deep": {"yes": True, "no": None}})


@pytest.mark.parametrize("value", ["new Date()", "{ when: new Date() }", "[() => 1]", "undefined"])
def test_illegal_results_become_null(page: Page, desk: Desk, value: str) -> None:
    """The whole result, not a part of it."""
    shown(open_addon(page, desk, server=f"function give() {{ return {value}; }}", client="run().give();"), None)


def test_errors_reach_the_failure_handler(page: Page, desk: Desk) -> None:
    """As an object with a message, and with the user object of the call."""
    server = "function fail() { throw new Error('no more paper'); }"
    client = """
    google.script.run.withFailureHandler((error, user) => show([error.name, error.message, user]))
      .withUserObject('mine').fail();
    """
    shown(open_addon(page, desk, server=server, client=client), ["ScriptError", "Error: no more paper", "mine"])


def test_nothing_is_left_from_one_call_to_the_next(page: Page, desk: Desk) -> None:
    """A global starts anew with each execution."""
    client = "google.script.run.withSuccessHandler((n) => { show(n); run().next(); }).next();"
    shown(open_addon(page, desk, server="let n = 0; function next() { n += 1; return n; }", client=client), 1, 1)


def test_files_share_one_scope(page: Page, desk: Desk) -> None:
    """A constant of one file is seen in the others, and in templates."""
    sidebar = open_addon(page, desk, server="const shared = 'seen';", body="<?= shared ?>", client="")
    expect(sidebar.get_by_text("seen")).to_be_visible()


def test_script_has_nothing_of_a_browser(page: Page, desk: Desk) -> None:
    """Code that would fail on Google's side fails here."""
    names = ["fetch", "setTimeout", "XMLHttpRequest", "document", "window", "localStorage"]
    server = f"function found() {{ return {json.dumps(names)}.filter((name) => globalThis[name] !== undefined); }}"
    shown(open_addon(page, desk, server=server, client="run().found();"), [])


def test_templates_run_escape_and_include(page: Page, desk: Desk) -> None:
    """`<? ?>` runs, `<?= ?>` escapes, `<?!= ?>` does not."""
    body = "<? for (const n of [1, 2]) { ?><i><?= n ?></i><? } ?><p><?= given ?></p><h1><?!= given ?></h1>"
    sidebar = open_addon(page, desk, body=body)
    expect(sidebar.locator("i")).to_have_text(["1", "2"])
    expect(sidebar.get_by_role("paragraph")).to_have_text("<b>bold</b>")
    expect(sidebar.get_by_role("heading")).to_have_text("bold")


def test_missing_page_is_named(page: Page, desk: Desk) -> None:
    """Pages are found by name with their folder."""
    server = "function lost() { HtmlService.createHtmlOutputFromFile('Sidebar'); }"
    shown(open_addon(page, desk, server=server, client="run().lost();"), NO_FILE)


@pytest.mark.parametrize(
    ("scope", "call", "answer"),
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
        (
            "",
            "UrlFetchApp.fetch('https://elsewhere.example')",
            not_sufficient("UrlFetchApp.fetch", "https://www.googleapis.com/auth/script.external_request"),
        ),
    ],
)
def test_missing_scopes_are_felt(page: Page, desk: Desk, scope: str, call: str, answer: str | None) -> None:
    """What the manifest does not ask for does not work here either."""
    scopes = [name for name in SCOPES if name != scope]
    server = f"function attempt() {{ return {call}; }}"
    shown(open_addon(page, desk, server=server, client="run().attempt();", scopes=scopes), answer)


def test_sidebar_needs_its_scope(page: Page, desk: Desk) -> None:
    """Without it the person sees the refusal."""
    open_addon(page, desk, scopes=["openid"])
    refusal = not_sufficient("Ui.showSidebar", SCOPES["container"])
    expect(page.get_by_role("alert").get_by_text(refusal)).to_be_visible()


def test_opening_may_touch_nothing_but_the_menu(page: Page, desk: Desk) -> None:
    """It runs before anybody has allowed the add-on anything in this spreadsheet."""
    desk.put_addon(
        {
            "appsscript.json": json.dumps({"oauthScopes": list(SCOPES.values())}),
            "Menu.js": "function onOpen(e) { if (e.authMode === ScriptApp.AuthMode.NONE) Session.getActiveUser(); }",
        }
    )
    page.goto(f"{desk.http.base_url}/?spreadsheet={desk.new_spreadsheet()}")
    refusal = "Exception: You do not have permission to call Session.getActiveUser"
    expect(page.get_by_role("alert").get_by_text(refusal)).to_be_visible()


def test_script_properties_hold_the_api(page: Page, desk: Desk) -> None:
    """As an admin sets it once for the script project."""
    server = "function api() { return PropertiesService.getScriptProperties().getProperty('API_URL'); }"
    shown(open_addon(page, desk, server=server, client="run().api();"), API)


def test_script_sees_the_open_spreadsheet(page: Page, desk: Desk) -> None:
    """Its tabs, and which of them are empty."""
    server = """
    function tabs() {
      const open = SpreadsheetApp.getActiveSpreadsheet();
      return [open.getName(), open.getSheets().map((tab) => [tab.getName(), tab.getLastRow(), tab.getLastColumn()])];
    }
    """
    sidebar = open_addon(page, desk, server=server, body='<button onclick="run().tabs()">Ask</button>')
    page.get_by_role("textbox", name="Cell", exact=True).fill("C4")
    page.get_by_role("textbox", name="Cell", exact=True).press("Enter")
    page.get_by_role("grid").press("7")
    page.get_by_role("textbox", name="Edit C4").press("Enter")
    expect(page.get_by_role("row").nth(4).get_by_role("gridcell").nth(2)).to_have_text("7")
    sidebar.get_by_role("button", name="Ask").click()
    shown(sidebar, ["Orders", [["Sheet1", 4, 3]]])


def test_script_shows_a_tab(page: Page, desk: Desk) -> None:
    """The person is led to where her rows are."""
    server = """
    function lead() {
      const open = SpreadsheetApp.getActiveSpreadsheet();
      open.setActiveSheet(open.getSheets()[1]);
    }
    """
    open_addon(page, desk, server=server, client="run().lead();").get_by_role("status").wait_for(state="attached")
    page.get_by_role("button", name="Add a sheet").click()
    page.get_by_role("tab", name="Sheet1").click()
    expect(page.get_by_role("tab", name="Sheet1")).to_have_attribute("aria-selected", "true")
    page.reload()
    expect(page.get_by_role("tab", name="Sheet2")).to_have_attribute("aria-selected", "true")


def test_page_closes_itself(page: Page, desk: Desk) -> None:
    """With google.script.host, as a Done button does."""
    body = '<button onclick="google.script.host.close()">Done</button>'
    open_addon(page, desk, body=body).get_by_role("button", name="Done").click()
    expect(page.locator("iframe")).to_have_count(0)


def test_menu_of_the_add_on_opens_it(page: Page, desk: Desk) -> None:
    """Extensions, then its item."""
    open_addon(page, desk)
    page.get_by_role("button", name="Close Tiny").click()
    page.get_by_role("button", name="Extensions").click()
    page.get_by_role("menuitem", name="Open").click()
    expect(page.get_by_role("complementary", name="Tiny")).to_be_visible()


def test_homepage_card_is_drawn(page: Page, desk: Desk) -> None:
    """Its texts, and a button that runs its function."""
    server = """
    function home() {
      const action = CardService.newAction().setFunctionName('showSidebar');
      const section = CardService.newCardSection()
        .addWidget(CardService.newTextParagraph().setText('What it <b>is</b>'))
        .addWidget(CardService.newTextButton().setText('Open it').setOnClickAction(action));
      return CardService.newCardBuilder().setHeader(CardService.newCardHeader().setTitle('Hello'))
        .addSection(section).build();
    }
    """
    trigger = {"common": {"name": "Tiny", "homepageTrigger": {"runFunction": "home"}}}
    desk.put_addon(
        {
            "appsscript.json": json.dumps({"oauthScopes": list(SCOPES.values()), "addOns": trigger}),
            "Code.js": MENU + server,
            "pages/Sidebar.html": "<h1>Sidebar</h1>",
        }
    )
    page.goto(f"{desk.http.base_url}/?spreadsheet={desk.new_spreadsheet()}")
    page.get_by_role("button", name="Tiny").click()
    expect(page.get_by_role("heading", name="Hello")).to_be_visible()
    expect(page.get_by_text("What it is")).to_be_visible()
    page.get_by_role("button", name="Open it").click()
    expect(page.frame_locator("iframe").get_by_role("heading", name="Sidebar")).to_be_visible()
