"""Names as people type them."""

from __future__ import annotations

import pytest

from geodata.names import initials


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("富安东路", "fadl"),
        ("旧墟镇ＧＸ04城市更新项目", "jxzgx04csgxxm"),
        ("地铁10号线", "dt10hx"),
        ("平湖站（国铁）", "phzgt"),
        ("“一个天台”", "ygtt"),
        ("", ""),
    ],
)
def test_initials_of_a_name(name: str, letters: str) -> None:
    assert initials(name) == letters
