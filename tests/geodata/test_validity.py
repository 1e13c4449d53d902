"""What is told of a shape that is not valid: in both languages, at the place of the fault."""

from __future__ import annotations

import pytest
import shapely

from geodata.issues import Both, issue
from geodata.validity import REASONS, invalidity

BOW_TIE = "POLYGON((0 0, 2 2, 2 0, 0 2, 0 0))"
SHELL = "(0 0, 9 0, 9 9, 0 9, 0 0)"
CASES = {
    BOW_TIE: "边界自相交",
    f"POLYGON({SHELL}, (20 20, 21 20, 21 21, 20 20))": "洞在外环之外",
    f"POLYGON({SHELL}, (1 1, 8 1, 8 8, 1 8, 1 1), (2 2, 3 2, 3 3, 2 2))": "洞套着洞",
    f"MULTIPOLYGON(({SHELL}), ((1 1, 2 1, 2 2, 1 1)))": "面套着面",
    "POLYGON((0 0, 4 0, 4 4, 2 4, 2 2, 3 3, 1 3, 2 2, 2 4, 0 4, 0 0))": "",
}


@pytest.mark.parametrize(("wkt", "said"), CASES.items())
def test_the_reason_is_said_in_chinese(wkt: str, said: str) -> None:
    shape = shapely.from_wkt(wkt)
    assert not shape.is_valid
    found = invalidity(shape)
    assert said in found.detail_zh
    assert any(found.detail_zh == f"几何无效：{zh}" for zh, _ in REASONS.values())
    assert found.lon is not None
    assert found.lat is not None


def test_the_place_is_that_of_the_crossing() -> None:
    found = invalidity(shapely.from_wkt(BOW_TIE))
    assert (found.lon, found.lat) == (1, 1)
    assert found.detail_en == "the geometry is invalid: its outline crosses itself"


def test_a_value_may_be_said_differently_in_both_languages() -> None:
    found = issue("field-kept", value="x", kind=Both("土地整备", "Land consolidation"))
    assert "土地整备" in found.detail_zh
    assert "Land" not in found.detail_zh
    assert "Land consolidation" in found.detail_en
