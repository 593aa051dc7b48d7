"""Firestore's index file, which Terraform deploys and the local Firestore enforces."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from backend.consents.model import ConsentState
from backend.tenants.model import Session

CHECKOUT = Path(__file__).resolve().parents[2]
FILE = CHECKOUT / "infra/terraform/modules/tabkeeper/firestore.indexes.json"
CROSS_TENANT_MODULES = {"backend/runs/everywhere.py"}


@pytest.fixture
def declared() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(FILE.read_text())
    return document


def test_each_index_is_declared_once(declared: dict[str, Any]) -> None:
    """Firestore refuses a second index of the same fields; an index of one field is automatic."""
    keys = [json.dumps(index, sort_keys=True) for index in declared["indexes"]]
    assert len(keys) == len(set(keys))
    assert all(len(index["fields"]) > 1 for index in declared["indexes"])


def test_indexed_collections_are_the_products(declared: dict[str, Any]) -> None:
    """An index of a collection that nobody writes is a leftover or a typo."""
    words = {
        node.value
        for file in [*CHECKOUT.glob("backend/**/*.py"), *CHECKOUT.glob("jobs/**/*.py")]
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert {index["collectionGroup"] for index in declared["indexes"]} <= words


def test_sessions_and_links_expire_by_themselves(declared: dict[str, Any]) -> None:
    """The field that Firestore deletes by is the one that the model writes."""
    lifetimes = {each["collectionGroup"]: each["fieldPath"] for each in declared["fieldOverrides"] if each.get("ttl")}
    assert lifetimes["sessions"] in Session.model_fields
    assert lifetimes["oauth_states"] in ConsentState.model_fields


def test_no_query_crosses_tenants_unnamed() -> None:
    """A collection group reaches every tenant's documents, so its uses are a named list."""
    found = {
        str(file.relative_to(CHECKOUT))
        for package in ("backend", "jobs")
        for file in CHECKOUT.glob(f"{package}/**/*.py")
        if "collection_group(" in file.read_text()
    }
    assert found == CROSS_TENANT_MODULES
