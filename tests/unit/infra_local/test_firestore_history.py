"""The recent past of documents."""

from infra.local.firestore.history import History, Superseded
from infra.local.firestore.wire import Document

OLD, MIDDLE, NEW = (Document(name=name) for name in ("old", "middle", "new"))


def test_version_stands_until_the_commit_that_replaced_it() -> None:
    """The instant of a commit already shows what it wrote."""
    history = History(kept_us=1000)
    history.record(Superseded(10, "d", None))
    history.record(Superseded(20, "d", OLD))
    history.record(Superseded(30, "d", MIDDLE))
    seen = [history.at("d", instant_us, current=NEW) for instant_us in (9, 10, 19, 20, 29, 30, 99)]
    assert seen == [None, OLD, OLD, MIDDLE, MIDDLE, NEW, NEW]


def test_unchanged_document_is_as_it_is() -> None:
    """It takes no room in the history."""
    assert History(kept_us=1000).at("d", 5, current=NEW) is NEW


def test_history_is_bounded_by_time() -> None:
    """What lies too far back is let go, and the horizon says so."""
    history = History(kept_us=100)
    for commit_us in range(1000, 2000, 10):
        history.record(Superseded(commit_us, f"d{commit_us}", OLD))
    assert history.horizon_us == 1890
    assert len(list(history.changed_after(0))) == 10
    assert history.at("d1890", 1889, current=NEW) is NEW
    assert history.at("d1900", 1899, current=NEW) is OLD


def test_changes_after_an_instant() -> None:
    """Latest first."""
    history = History(kept_us=1000)
    for commit_us, name in ((10, "a"), (20, "b"), (30, "a")):
        history.record(Superseded(commit_us, name, None))
    assert list(history.changed_after(10)) == ["a", "b"]
    assert list(history.changed_after(30)) == []
