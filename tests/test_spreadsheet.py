import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsense.spreadsheet import harmless, original


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1"])
def test_formulas_are_marked(cell):
    assert harmless(cell) == "'" + cell


@given(st.text())
def test_cells_come_back_unless_they_began_with_a_mark_of_their_own(cell):
    if not cell.startswith("'"):
        assert original(harmless(cell)) == cell
