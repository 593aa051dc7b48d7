"""One Chromium for all tests in a browser; each test has a window of its own, and leaves a picture when it fails."""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page

from tests.browser import chromium

HERE = Path(__file__).parent
SCENE = pytest.StashKey[tuple[BrowserContext, Path]]()
"""Of a test in a browser: its windows, and the folder for what it leaves."""


def pytest_collection_finish(session: pytest.Session) -> None:
    """Before the first test, since an installation takes longer than a test may."""
    wanted = any(HERE in item.path.parents for item in session.items) and not session.config.option.collectonly
    if wanted and not chromium.found() and chromium.can_be_installed():
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        chromium.install(reporter.write_line if reporter else print)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = chromium.found()
    if executable is None:
        pytest.skip(f"no Chromium; {chromium.INSTALL_LINE}")
    with chromium.running(executable) as browser:
        yield browser


@pytest.fixture
def context(browser: Browser, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[BrowserContext]:
    """A fresh profile. What a page throws and does not catch fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    thrown: list[str] = []
    context.on("weberror", lambda each: thrown.append(each.error.stack or each.error.message))
    context.tracing.start(snapshots=True)
    request.node.stash[SCENE] = (context, tmp_path)
    yield context
    context.close()
    assert thrown == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure's report says where its pictures and its trace are."""
    report = yield
    if report.when == "call" and report.failed and SCENE in item.stash:
        report.sections.append(("browser", "\n".join(_evidence(*item.stash[SCENE]))))
    return report


def _evidence(context: BrowserContext, folder: Path) -> Iterator[str]:
    try:
        for number, page in enumerate(context.pages):
            picture = folder / f"page-{number}.png"
            page.screenshot(path=picture)
            yield f"{page.url}: {picture}"
        trace = folder / "trace.zip"
        context.tracing.stop(path=trace)
        yield f".venv/bin/playwright show-trace {trace}"
    except Error as error:
        yield f"no more evidence: {error.message}"
