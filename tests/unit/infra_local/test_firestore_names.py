"""Resource names."""

import pytest

from infra.local.firestore import names
from infra.local.rpc_error import RpcError

ROOT = "projects/p/databases/(default)/documents"


@pytest.mark.parametrize(
    "name",
    [
        "c/d",
        ROOT,
        f"{ROOT}/c",
        f"{ROOT}/c/",
        f"{ROOT}/c/d/e",
        f"{ROOT}/c/.",
        f"{ROOT}/c/__x__",
        f"{ROOT}x/c/d",
        f"{ROOT}/c/{'é' * 751}",
        ROOT + "/c/d" * 101,
        f"{ROOT}/{'/'.join(['x' * 1400] * 6)}",
    ],
)
def test_what_names_no_document_is_refused(name: str) -> None:
    """Collections, reserved ids, and what is too long or too deep."""
    with pytest.raises(RpcError):
        names.check_document(name)


def test_numeric_ids_sort_by_number_and_first() -> None:
    """As Datastore's do."""
    in_order = [f"{ROOT}/c/{one}" for one in ("__id-3__", "__id2__", "__id10__", "A", "B", "a", "a/x/y")]
    assert sorted(set(in_order), key=names.ordering) == in_order
