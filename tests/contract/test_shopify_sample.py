"""The sample of orders that is shipped."""

import gzip
from collections import Counter
from pathlib import Path

import pytest

from infra.local.shopify.invoices import Invoice, read_file
from infra.tools import sample_orders

CHECKOUT = Path(__file__).resolve().parents[2]
SAMPLE = CHECKOUT / "infra/local/shopify/sample/uci_online_retail_sample.csv.gz"
FULL = CHECKOUT.parent / "shared/data/uci_online_retail.csv.gz"


@pytest.fixture(scope="module")
def invoices() -> list[Invoice]:
    return read_file(SAMPLE)


def test_sample_has_the_variety_of_the_whole(invoices: list[Invoice]) -> None:
    """Credit notes, guests, many countries, and an order that takes more than one page of lines."""
    assert len(invoices) == 1_200
    assert sum(invoice.number.startswith("C") for invoice in invoices) >= 120
    assert sum(invoice.customer_id is None for invoice in invoices) >= 120
    assert len(Counter(invoice.country for invoice in invoices)) >= 30
    assert max(len(invoice.lines) for invoice in invoices) > 250
    assert sum(len(invoice.lines) for invoice in invoices) <= 25_000


def test_sample_is_attributed() -> None:
    """As its licence demands: who made it, where it is, and what was changed."""
    text = (SAMPLE.parent / "ATTRIBUTION.md").read_text(encoding="utf-8")
    assert all(part in text for part in ("Chen, D. (2015)", "10.24432/C5BW33", "CC BY 4.0", "shortened"))


def test_sample_can_be_made_again(tmp_path: Path) -> None:
    """From the whole data set, to the same content."""
    if not FULL.exists():
        pytest.skip(f"the whole data set is not at {FULL}, so the sample cannot be made again")
    again = tmp_path / "sample.csv.gz"
    sample_orders.write(FULL, again)
    assert gzip.decompress(again.read_bytes()) == gzip.decompress(SAMPLE.read_bytes())
