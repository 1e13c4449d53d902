"""Whether amounts can be true, by the shapes they belong to: those of a column in the unit they are said to
be in, and each by itself."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from collections.abc import Mapping as MappingOf
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata import headers
from geodata.geometry import MEASURED_PRECISIONS, measures
from geodata.issues import Both, Issue, issue
from geodata.kinds import Field, Kind
from geodata.mapping import ATTRIBUTE, Mapping
from geodata.records import Record

# So many rows tell as much as all.
_SAMPLE = 200
_FEWEST = 3
# Fewer tell only where each of them fits the other unit as closely as this.
_EXACTLY = 1.05
# What a boundary and a deed may differ by, and what no carelessness of drawing explains.
_LIKELY, _UNLIKELY = 1.25, 2.0
# Units that people use beside one another, by dimension.
_UNITS = {"area": ("m2", "亩", "ha", "km2"), "length": ("m", "km")}
_MEASURED_IN = {"area": "ha", "length": "km"}
# Attributes that are the size of the thing itself, not of something in it, by dimension.
OWN_SIZE = {"area_ha": "area", "length_km": "length", "length_m": "length"}


def doubts(records: Sequence[Record], mapping: Mapping, kind: Kind) -> list[Issue]:
    """Columns whose amounts fit their shapes in another unit than the one they are read in: a person decides.

    Only valid geometries that may be measured are asked: those whose precision is surveyed or digitised.
    """
    found = []
    for column in mapping.columns:
        field = kind.field(column.code) if column.code else None
        known = headers.words().units.get(headers.spelled(field.unit)) if field else None
        if field is None or known is None or known[0] not in _UNITS:
            continue
        said = column.unit or field.unit
        ratios = list(_ratios(records, mapping, field, known[0]))
        if likely := _likelier_of_all(ratios, field.unit, said, known[0]):
            found.append(
                issue("unit-suspected", field=column.field, value=column.field, unit=likely, into=said)
            )
    return found


def _ratios(records: Sequence[Record], mapping: Mapping, field: Field, dimension: str) -> Iterator[float]:
    """The amount said over the amount measured, of some rows."""
    into = headers.factor(_MEASURED_IN[dimension], field.unit)
    asked = 0
    for record in records:
        said, precision = record.attrs.get(field.code), record.fields.get("precision", mapping.precision)
        if not isinstance(said, int | float) or precision not in MEASURED_PRECISIONS or asked == _SAMPLE:
            continue
        asked += 1
        if record.geometry is None or not shapely.is_valid(record.geometry):
            continue
        measured = measures(record.geometry, precision, False)[0 if dimension == "area" else 1]
        if measured and into:
            yield float(said) / (measured * float(into))


def _likelier_of_all(ratios: Sequence[float], unit: str, said: str, dimension: str) -> str:
    """As `_likelier`, of all amounts of a column; "" when they are too few to tell, or there are none."""
    if len(ratios) >= _FEWEST:
        return _likelier(float(np.median(ratios)), unit, said, dimension)
    fitting = {_likelier(ratio, unit, said, dimension, _EXACTLY) for ratio in ratios}
    return fitting.pop() if len(fitting) == 1 else ""


def _likelier(ratio: float, unit: str, said: str, dimension: str, likely: float = _LIKELY) -> str:
    """The unit in which the amounts would fit, when they do not fit in the one they are said to be in.

    likely: by what factor they may differ.
    """
    if ratio <= 0 or 1 / _UNLIKELY <= ratio <= _UNLIKELY:
        return ""
    read_as = headers.factor(said, unit)
    for other in _UNITS[dimension]:
        instead = headers.factor(other, unit)
        if read_as and instead and 1 / likely <= ratio * float(instead / read_as) <= likely:
            return other
    return ""


def differing(
    attrs: MappingOf[str, Any],
    codes: Container[str],
    geometry: BaseGeometry | None,
    kind: Kind,
    mapping: Mapping,
    *,
    precision: str,
    partial: bool,
) -> Iterator[Issue]:
    """The sizes of one thing that are less than half or more than double of what its shape measures.

    codes: of the attributes that are asked. geometry: valid or None; the whole of it unless `partial`.
    """
    for code, dimension in OWN_SIZE.items():
        field, said = kind.field(code), attrs.get(code)
        if field is None or code not in codes or not isinstance(said, int | float) or said < 0:
            continue
        measured = measures(geometry, precision, partial)[0 if dimension == "area" else 1]
        by = headers.factor(_MEASURED_IN[dimension], field.unit)
        amount = measured * float(by) if measured and by else 0
        if amount and not 1 / _UNLIKELY <= said / amount <= _UNLIKELY:
            column = mapping.column(ATTRIBUTE + code)
            yield issue(
                "measure-differs",
                field=column.field if column else code,
                what=Both(field.name_zh, field.name_en),
                said=f"{_figure(said)} {field.unit}",
                measured=f"{_figure(amount)} {field.unit}",
            )


def _figure(amount: float) -> str:
    return f"{amount:.2f}" if amount == 0 or amount >= 0.1 else f"{amount:.3g}"
