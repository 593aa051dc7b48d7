"""Which invoices the sample is made of."""

from infra.tools.sample_orders import CREDIT_NOTES, INVOICES, MODERATE_LINES, Invoices, sample


def invoices(count: int) -> Invoices:
    """Every fifth a credit note, one of each hundred from abroad, the last one huge."""
    made: Invoices = {}
    for number in range(count):
        name = f"C{number}" if number % 5 == 0 else str(number)
        country = f"Country {number // 100}" if number % 100 == 99 else "Home"
        made[name] = [{"InvoiceNo": name, "Country": country}] * (MODERATE_LINES + 1 if number % 7 == 1 else 2)
    made["A1"] = [{"InvoiceNo": "A1", "Country": "Home"}]
    made["999999"] = [{"InvoiceNo": "999999", "Country": "Home"}] * 500
    return made


def test_sample_has_its_size_its_credit_notes_and_what_is_rare() -> None:
    """Every country, the adjustments and the largest invoice; of the others none that is large."""
    made = invoices(3_000)
    chosen = sample(made)
    assert len(set(chosen)) == len(chosen) == INVOICES
    assert sum(number.startswith("C") for number in chosen) == CREDIT_NOTES
    assert {"A1", "999999"} <= set(chosen)
    assert {made[number][0]["Country"] for number in chosen} == {rows[0]["Country"] for rows in made.values()}
    assert sum(len(made[number]) > MODERATE_LINES for number in chosen) < 40


def test_sample_is_the_same_every_time() -> None:
    """Nothing about it is left to chance."""
    assert sample(invoices(2_000)) == sample(invoices(2_000))
