"""Figures as sources give them, and the targets that follow from a value and a ratio."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.figures import Figure, implied_target, may_agree, read_figure


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("98.6", Figure(98.6, 98.55, 98.65)),
        ("509.44", Figure(509.44, 509.435, 509.445)),
        ("37", Figure(37, 36.5, 37.5)),
        (">297", Figure(297, 296.5, 297.5, exceeded=True)),
        ("140~", Figure(140, 139.5, 140.5, about=True)),
    ],
)
def test_numbers_carry_the_interval_of_their_rounding(text: str, figure: Figure) -> None:
    read = read_figure(text)
    assert read is not None
    assert (read.value, read.exceeded, read.about) == (figure.value, figure.exceeded, figure.about)
    assert (read.low, read.high) == pytest.approx((figure.low, figure.high))


@pytest.mark.parametrize(
    "text", ["", "近三倍", "千亿级", "9.8/10", "部分", "-3", "1,000", "１２３", "1e3", "nan", "inf", "5."]
)
def test_words_ranges_and_classes_are_no_figures(text: str) -> None:
    assert read_figure(text) is None


@pytest.mark.parametrize(
    ("value", "ratio", "target", "low", "high"),
    [
        ("98.6", "341", 28.9, 28.86, 28.97),  # Q04: land consolidated, ha
        ("88.3", "29.43", 300.0, 299.81, 300.25),  # A04: fixed-asset investment, 亿元
        ("57.74", "26.24", 220.0, 219.98, 220.11),  # A05: industrial investment, 亿元
    ],
)
def test_the_target_that_a_ratio_implies_with_the_bounds_of_both_roundings(
    value: str, ratio: str, target: float, low: float, high: float
) -> None:
    found = implied_target(value, ratio)
    assert found is not None
    assert (found.value, found.low, found.high) == pytest.approx((target, low, high), abs=0.005)


@pytest.mark.parametrize(
    ("value", "ratio"),
    [("98.6", "近三倍"), ("千亿级", "100"), (">297", "100"), ("98.6", "0"), ("98.6", ">100")],
)
def test_nothing_is_implied_by_words_or_by_more_than(value: str, ratio: str) -> None:
    assert implied_target(value, ratio) is None


@given(
    st.decimals(min_value=1, max_value=9999, places=2),
    st.decimals(min_value=1, max_value=999, places=1),
)
def test_the_implied_target_lies_within_its_bounds(value: Decimal, ratio: Decimal) -> None:
    target = implied_target(str(value), str(ratio))
    assert target is not None
    assert target.low - 0.1 <= target.value <= target.high + 0.1
    assert target.low <= target.high


@pytest.mark.parametrize(
    ("a", "b", "agree"),
    [
        ("300~", ">297", True),
        ("近300", "超297", True),
        ("over 297", "about 300", True),
        ("140余", "145", True),
        ("不足300", "297", True),
        ("297", "297.0", True),
        # An amount that is only more than another is still not any amount.
        (">297", "500", False),
        ("300~", ">330", False),
        ("不足300", "301", False),
        ("509.45", "509.44", False),
        ("40.99", "41.8", False),
        ("近三倍", "3", False),
        ("近三倍", "近三倍", True),
        ("280/300", "290", False),
    ],
)
def test_figures_with_words_agree_where_what_they_mean_meets(a: str, b: str, agree: bool) -> None:
    assert may_agree(a, b) is agree
    assert may_agree(b, a) is agree
