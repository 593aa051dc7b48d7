"""Pages of lists."""

from infra.local.firestore import listing

ITEMS = [f"projects/p/databases/d/documents/c/{number:02}" for number in range(7)]


def test_pages_join_to_the_whole() -> None:
    """Each item once; the last page has no token."""
    pages: list[list[str]] = []
    token = ""
    while not pages or token:
        page = listing.page(ITEMS, size=3, token=token)
        pages.append(list(page.items))
        token = page.next_token
    assert pages == [ITEMS[:3], ITEMS[3:6], ITEMS[6:]]


def test_full_last_page_is_the_last() -> None:
    """No empty page follows."""
    assert listing.page(ITEMS, size=7, token="").next_token == ""


def test_page_goes_on_where_its_item_was() -> None:
    """Also when that item is gone meanwhile."""
    without = [item for item in ITEMS if item != ITEMS[2]]
    assert list(listing.page(without, size=2, token=ITEMS[2]).items) == ITEMS[3:5]
