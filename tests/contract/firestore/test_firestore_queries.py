"""Queries: type order, cursors, collection groups, aggregations, and what is refused."""

import datetime as dt
from typing import Any

import pytest
from google.api_core.exceptions import FailedPrecondition, InvalidArgument
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import And, FieldFilter, Or

JANUARY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def ids(query: Any) -> list[str]:
    return [found.id for found in query.stream()]


@pytest.fixture
def numbers(client: firestore.Client) -> firestore.CollectionReference:
    """Ten documents n0..n9, of 10 even and odd tens."""
    collection = client.collection("numbers")
    for number in range(10):
        parity = "even" if number % 2 == 0 else "odd"
        collection.document(f"n{number}").set({"n": number, "parity": parity, "tags": [number, number % 3]})
    return collection


def test_values_sort_by_type_then_value(client: firestore.Client) -> None:
    """Null, booleans, NaN, numbers, times, text, bytes, references, points, arrays, maps."""
    in_order = [
        None,
        False,
        True,
        float("nan"),
        -1,
        0.5,
        1,
        JANUARY,
        "",
        "a",
        "\uffff",
        "😀",
        b"",
        client.document("a/b"),
        firestore.GeoPoint(0, 1),
        [],
        [1],
        {},
        {"a": 1},
    ]
    things = client.collection("things")
    for place, value in enumerate(in_order):
        things.document(f"{len(in_order) - place:02}").set({"value": value})
    expected = [f"{len(in_order) - place:02}" for place in range(len(in_order))]
    assert ids(things.order_by("value")) == expected
    assert ids(things.order_by("value", direction="DESCENDING")) == expected[::-1]


def test_range_never_leaves_its_type(client: firestore.Client) -> None:
    """`> 1` finds numbers only, and no NaN."""
    things = client.collection("things")
    for name, value in {"text": "z", "two": 2, "nan": float("nan"), "none": None, "time": JANUARY}.items():
        things.document(name).set({"value": value})
    assert ids(things.where(filter=FieldFilter("value", ">", 1))) == ["two"]
    assert ids(things.where(filter=FieldFilter("value", "<", 5))) == ["two"]


def test_inequality_leaves_out_null_and_missing(client: firestore.Client) -> None:
    """`!=` and `not-in` find documents that have the field, and not null."""
    things = client.collection("things")
    contents: dict[str, dict[str, Any]] = {"a": {"v": 1}, "b": {"v": 2}, "none": {"v": None}, "missing": {"w": 1}}
    for name, content in contents.items():
        things.document(name).set(content)
    assert ids(things.where(filter=FieldFilter("v", "!=", 1))) == ["b"]
    assert ids(things.where(filter=FieldFilter("v", "not-in", [1, float("nan")]))) == ["b"]
    assert ids(things.where(filter=FieldFilter("v", "not-in", [1, None]))) == []


def test_order_leaves_out_documents_without_the_field(numbers: firestore.CollectionReference) -> None:
    """What is not in the index is no result."""
    numbers.document("bare").set({"other": 1})
    assert "bare" not in ids(numbers.order_by("n"))
    assert "bare" in ids(numbers)


def test_filters_combine(numbers: firestore.CollectionReference) -> None:
    """AND, OR, in, array-contains and array-contains-any together."""
    small = FieldFilter("n", "<", 4)
    even = FieldFilter("parity", "==", "even")
    assert ids(numbers.where(filter=And([small, even]))) == ["n0", "n2"]
    assert ids(numbers.where(filter=Or([FieldFilter("n", "==", 9), And([small, even])]))) == ["n0", "n2", "n9"]
    assert ids(numbers.where(filter=FieldFilter("n", "in", [7, 3, 99]))) == ["n3", "n7"]
    assert ids(numbers.where(filter=FieldFilter("tags", "array_contains", 8))) == ["n8"]
    assert ids(numbers.where(filter=FieldFilter("tags", "array_contains_any", [8, 9]))) == ["n8", "n9"]


def test_cursors_page_through_equal_values(numbers: firestore.CollectionReference) -> None:
    """A snapshot as a cursor stands at its document, not at its value."""
    query = numbers.order_by("parity").limit(4)
    pages, page = [], query.get()
    while page:
        pages.append([found.id for found in page])
        page = query.start_after(page[-1]).get()
    assert pages == [["n0", "n2", "n4", "n6"], ["n8", "n1", "n3", "n5"], ["n7", "n9"]]


def test_cursor_bounds(numbers: firestore.CollectionReference) -> None:
    """At and after, at and before; in either direction; from the end."""
    by_n = numbers.order_by("n")
    assert ids(by_n.start_at({"n": 3}).end_before({"n": 5})) == ["n3", "n4"]
    assert ids(by_n.start_after({"n": 3}).end_at({"n": 5})) == ["n4", "n5"]
    assert ids(numbers.order_by("n", direction="DESCENDING").start_at({"n": 2})) == ["n2", "n1", "n0"]
    assert ids(by_n.offset(8)) == ["n8", "n9"]
    assert [found.id for found in by_n.limit_to_last(2).get()] == ["n8", "n9"]


def test_projection_returns_only_what_was_selected(numbers: firestore.CollectionReference) -> None:
    """select() cuts documents on the server."""
    found = next(numbers.where(filter=FieldFilter("n", "==", 3)).select(["parity"]).stream())
    assert found.to_dict() == {"parity": "odd"}


def test_collection_group_reads_every_depth(client: firestore.Client) -> None:
    """All collections of an id, and none that only resembles it."""
    for name in ("runs/a", "tenants/t/runs/b", "tenants/t/x/y/runs/c", "tenants/t/runs2/d"):
        client.document(name).set({"n": 1})
    assert ids(client.collection_group("runs")) == ["a", "b", "c"]
    assert ids(client.collection("runs")) == ["a"]


def test_aggregations(numbers: firestore.CollectionReference) -> None:
    """count, sum and average of what a query finds."""
    odd: Any = numbers.where(filter=FieldFilter("parity", "==", "odd"))
    results = odd.count(alias="count").sum("n", alias="sum").avg("n", alias="avg").get()[0]
    assert {result.alias: result.value for result in results} == {"count": 5, "sum": 25, "avg": 5.0}


def test_partitions_cover_the_group_once(client: firestore.Client) -> None:
    """The parts of a collection group, read one by one, are the whole."""
    for number in range(20):
        client.document(f"tenants/t{number:02}/runs/r").set({"n": number})
    parts: list[Any] = list(client.collection_group("runs").get_partitions(3))
    found = [[document.reference.path for document in part.query().stream()] for part in parts]
    assert len(parts) == 4
    assert [path for part in found for path in part] == [f"tenants/t{number:02}/runs/r" for number in range(20)]


def test_large_collection_answers_like_a_small_one(client: firestore.Client) -> None:
    """Through the indexes that a large collection gets, and after changes to what they hold."""
    things = client.collection("things")
    batch = client.batch()
    for number in range(300):
        batch.set(things.document(f"{number:03}"), {"n": number % 100, "even": number % 2 == 0, "tags": [number % 7]})
    batch.commit()
    fives = things.where(filter=FieldFilter("n", "==", 5))
    assert ids(fives) == ["005", "105", "205"]
    things.document("105").update({"n": 6})
    things.document("205").delete()
    things.document("new").set({"n": 5.0})
    assert ids(fives) == ["005", "new"]
    assert len(ids(things.where(filter=FieldFilter("tags", "array_contains", 3)))) == 43
    assert len(ids(things.where(filter=And([FieldFilter("n", ">=", 98), FieldFilter("even", "==", True)])))) == 3


@pytest.mark.parametrize(
    "refused",
    [
        And([FieldFilter("a", "!=", 1), FieldFilter("b", "!=", 1)]),
        And([FieldFilter("a", "not-in", [1]), FieldFilter("b", "in", [1])]),
        And([FieldFilter("a", "array_contains", 1), FieldFilter("b", "array_contains", 1)]),
        And([FieldFilter("a", "in", list(range(6))), FieldFilter("b", "in", list(range(6)))]),
        FieldFilter("a", "in", list(range(31))),
        FieldFilter("a", "not-in", list(range(11))),
        FieldFilter("a", "in", []),
    ],
)
def test_query_that_the_real_service_rejects_is_rejected(client: firestore.Client, refused: Any) -> None:
    """The documented limits of filters."""
    with pytest.raises(InvalidArgument):
        client.collection("things").where(filter=refused).get()


def test_order_after_the_name_is_rejected(client: firestore.Client) -> None:
    """Names are unique, so nothing can be ordered after them."""
    with pytest.raises(InvalidArgument, match="after the key"):
        client.collection("things").order_by("__name__").order_by("n").get()


def test_descending_scan_of_names_is_rejected(client: firestore.Client) -> None:
    """Without an index, documents can be read upwards only."""
    with pytest.raises(FailedPrecondition, match="descending key scans"):
        client.collection("things").order_by("__name__", direction="DESCENDING").get()
