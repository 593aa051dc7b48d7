"""The scripts of a page, taken out of its HTML so that a compiler's messages name the true places."""

from hypothesis import given
from hypothesis import strategies as st

from infra.tools.page_scripts import scripts

PAGE = """<!-- const no = 0; -->
<style>
  p { color: red; }
</style>
<p>const no = 1;</p>
<script>const a = '<p>';
  const b = 2;</script><script type="text/javascript">const c = a;
</script>
<?!= include_('addon/sidebar/Style') ?>
"""


def test_scripts_stay_where_they_stand() -> None:
    """Line and column of each character are those of the page, and nothing else is left."""
    lines = scripts(PAGE).split("\n")
    assert lines[5] == " " * 8 + "const a = '<p>';"
    assert lines[6] == "  const b = 2;" + " " * 40 + "const c = a;"
    assert [line for line in lines[:5] + lines[7:] if line.strip()] == []


@given(st.text(st.characters(exclude_characters="<\r")), st.text(st.characters(exclude_characters="<\r")))
def test_any_script_keeps_its_place(before: str, script: str) -> None:
    """Whatever characters stand before it, line separators of Unicode among them."""
    page = f"<p>{before}</p><script>{script}</script>\n"
    found = scripts(page)
    assert len(found) == len(page)
    assert [place for place, character in enumerate(page) if character == "\n"] == [
        place for place, character in enumerate(found) if character == "\n"
    ]
    start = page.index("<script>") + len("<script>")
    assert found[start : start + len(script)] == script
    assert (found[:start] + found[start + len(script) :]).strip() == ""
