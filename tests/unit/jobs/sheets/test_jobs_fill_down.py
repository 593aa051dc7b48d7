"""Formulas that new rows get: from which row, into which cells, in how many bytes."""

import json
from dataclasses import replace

from hypothesis import event, given
from hypothesis import strategies as st

from jobs.sheets import fill_down
from jobs.sheets.plan import apply
from jobs.sheets.requests import to_requests
from jobs.sheets.system_cell import parse
from tests.unit.jobs.properties import checked
from tests.unit.jobs.sheets.grid import Grid, GridRow, Json
from tests.unit.jobs.sheets.scene import Scene, scenes

FORMULA = {"formulaValue": "=A2"}


@st.composite
def scenes_with_formulas(draw: st.DrawFn) -> Scene:
    """Some of people's columns hold a formula in every row that is ours; elsewhere as the scene has them."""
    scene = draw(scenes())
    chosen = sorted(draw(st.sets(st.sampled_from(scene.people)))) if scene.people else []
    index = scene.index()
    for position in index.ours(range(len(index))):
        for column in chosen:
            scene.grid.below_header[position].cells[column].value = FORMULA
    return replace(scene, layout=replace(scene.layout, formula_columns=chosen))


def filled(scene: Scene) -> tuple[Grid, list[Json]]:
    """The tab after the batch, and the requests that fill."""
    plan, index = scene.plan(), scene.index()
    grid = Grid(scene.grid.below_header, width=len(scene.grid.rows[0].cells))
    requests = to_requests(plan, scene.layout, grid_rows=len(grid.rows))
    apply(plan, index)
    filling = fill_down.to_requests(plan, scene.layout, index)
    grid.carry_out([*requests, *filling])
    return grid, filling


def is_ours(row: GridRow, scene: Scene) -> bool:
    return parse(row.cells[scene.layout.system].shown) is not None


@given(scene=scenes_with_formulas())
@checked
def test_formulas_go_from_rows_of_ours_into_empty_cells_of_new_ones(scene: Scene) -> None:
    """At the moment of each copy; never from or to a managed column."""
    grid, _ = filled(scene)
    for given_by, before, columns in grid.pasted:
        assert set(columns) <= set(scene.layout.formula_columns)
        assert not set(columns) & {*scene.layout.positions, scene.layout.system}
        assert is_ours(given_by, scene)
        assert given_by.values(columns) == [FORMULA] * len(columns)
        assert before.origin is None
        assert before.values(columns) == [{}] * len(columns)


@given(scene=scenes_with_formulas())
@checked
def test_every_new_row_gets_the_formulas_once_where_one_is_left(scene: Scene) -> None:
    """And nothing else of any row changes by it."""
    grid, _ = filled(scene)
    plain = scene.written()
    standing = scene.index()
    known = {scene.grid.below_header[place].origin for place in standing.ours(range(len(standing)))}
    left = [row for row in plain.below_header if row.origin in known and is_ours(row, scene)]
    new = [row for row in plain.below_header if row.origin is None and is_ours(row, scene)]
    event(f"left: {bool(left)}, new: {bool(new)}, columns: {len(scene.layout.formula_columns)}")
    for row in new if left else []:
        for column in scene.layout.formula_columns:
            row.cells[column].value = FORMULA
    assert grid.rows == plain.rows


@given(scene=scenes_with_formulas())
@checked
def test_size_is_an_upper_bound_of_what_is_added(scene: Scene) -> None:
    """The cap of a batch is kept by it, also where every number is as long as it gets."""
    _, filling = filled(scene)
    widened = json.dumps(filling)
    for bound in ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex", "sheetId"):
        widened = widened.replace(f'"{bound}": ', f'"{bound}": 123456789')
    assert len(widened) <= 2 + fill_down.size_bytes(scene.plan(), scene.layout)
