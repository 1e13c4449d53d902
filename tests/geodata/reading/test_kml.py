"""KML and KMZ: placemarks with what is said of them, and documents that mean harm."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest
import shapely

from tests.geodata.reading.making import LAT, LON, codes, lonlat, opened, refused

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
POINT = f"<Point><coordinates>{LON},{LAT},12.5</coordinates></Point>"
RING = " ".join(
    f"{LON + dx},{LAT + dy}" for dx, dy in ((0, 0), (0.002, 0), (0.002, 0.002), (0, 0.002), (0, 0))
)
HOLE = " ".join(
    f"{LON + dx},{LAT + dy}"
    for dx, dy in ((0.0005, 0.0005), (0.0005, 0.001), (0.001, 0.001), (0.0005, 0.0005))
)
DATA = (
    '<ExtendedData><Data name="status"><value>在建</value></Data>'
    '<SchemaData schemaUrl="http://127.0.0.1:9/x"><SimpleData name="area">3.5</SimpleData></SchemaData>'
    "</ExtendedData>"
)


def placemark(geometry: str = POINT, name: str = "富安东路", more: str = "") -> str:
    return f"<Placemark><name>{name}</name>{more}{geometry}</Placemark>"


def document(*parts: str, head: str = HEAD) -> bytes:
    inside = "".join(parts)
    return f'{head}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{inside}</Document></kml>'.encode()


def packed(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def test_a_placemark_is_a_row_with_its_data(tmp_path: Path) -> None:
    data = document("<Folder><name>道路</name>", placemark(more=DATA), "</Folder>")
    reading, rows = opened(tmp_path, data, "a.kml")
    assert (reading.format, reading.crs, reading.crs_known_by) == ("kml", "EPSG:4326", "default")
    (row,) = rows
    assert row.properties == {"name": "富安东路", "status": "在建", "area": "3.5", "folder": "道路"}
    assert lonlat(row) == (LON, LAT)
    assert codes(reading.notes) == ["z-dropped"]


@pytest.mark.parametrize(
    ("geometry", "wkt_type", "parts"),
    [
        (f"<LineString><coordinates>{RING}</coordinates></LineString>", "LineString", 1),
        (f"<LinearRing><coordinates>{RING}</coordinates></LinearRing>", "LineString", 1),
        (
            f"<Polygon><innerBoundaryIs><LinearRing><coordinates>{HOLE}</coordinates></LinearRing></innerBoundaryIs>"
            f"<outerBoundaryIs><LinearRing><coordinates>{RING}</coordinates></LinearRing></outerBoundaryIs></Polygon>",
            "Polygon",
            1,
        ),
        (
            f"<MultiGeometry><MultiGeometry>{POINT}</MultiGeometry>"
            f"<Point><coordinates>{LON + 0.01},{LAT}</coordinates></Point></MultiGeometry>",
            "MultiPoint",
            2,
        ),
    ],
)
def test_every_geometry(tmp_path: Path, geometry: str, wkt_type: str, parts: int) -> None:
    _, (row,) = opened(tmp_path, document(placemark(geometry)), "a.kml")
    assert row.geometry is not None
    assert row.geometry.geom_type == wkt_type
    assert len(getattr(row.geometry, "geoms", [row.geometry])) == parts
    if wkt_type == "Polygon":
        assert shapely.get_num_interior_rings(row.geometry) == 1


def test_what_has_no_place_is_a_row_without_one(tmp_path: Path) -> None:
    _, rows = opened(tmp_path, document(placemark(""), placemark()), "a.kml")
    assert codes(rows[0].issues) == ["null-geometry"]
    assert rows[1].geometry is not None


def test_a_name_twice_is_told(tmp_path: Path) -> None:
    data = '<Data name="a"><value>{}</value></Data>'
    twice = f"<ExtendedData>{data.format(1)}{data.format(2)}</ExtendedData>"
    found = refused(tmp_path, document(placemark(), placemark(more=twice)), "a.kml")
    assert (found.code, found.faults[0].row) == ("duplicate-key", 1)


# ---------------------------------------------------------------- hazards

DOCTYPES = {
    "H190_file": '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "H191_http": '<!DOCTYPE kml [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>',
    "H192_dtd": '<!DOCTYPE kml SYSTEM "http://127.0.0.1:9/x.dtd">',
    "H193_parameter": '<!DOCTYPE kml [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x">%p;]>',
    "H194_laughs": "<!DOCTYPE kml [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY b{n} '{f'&{chr(97)};' * 10}'>" for n in range(9))
    + "]>",
    "H195_quadratic": f"<!DOCTYPE kml [<!ENTITY a '{'a' * 100_000}'>]>",
}


@pytest.mark.parametrize("hazard", DOCTYPES)
def test_H190_H191_H192_H193_H194_H195_no_document_type(tmp_path: Path, hazard: str) -> None:
    started = time.process_time()
    found = refused(tmp_path, document(placemark(name="&x;" * 100), head=HEAD + DOCTYPES[hazard]), "a.kml")
    assert (found.status, found.code) == (422, "xml-doctype")
    assert time.process_time() - started < 1


def test_H196_a_network_link_is_not_followed(tmp_path: Path) -> None:
    link = "<NetworkLink><Link><href>http://127.0.0.1:9/x.kml</href></Link></NetworkLink>"
    found = refused(tmp_path, document(placemark(), link), "a.kml")
    assert (found.status, found.code) == (422, "network-link")


def test_H197_H198_styles_and_schemas_are_not_fetched(tmp_path: Path) -> None:
    style = "<styleUrl>http://127.0.0.1:9/s.kml#a</styleUrl>"
    _, rows = opened(tmp_path, document(placemark(more=style + DATA)), "a.kml")
    assert "styleUrl" not in rows[0].properties


SKIPPED = {
    "H199_overlay": (
        "<GroundOverlay><name>x</name><Icon><href>http://127.0.0.1:9/</href></Icon></GroundOverlay>",
        1,
    ),
    "H206_track": (
        placemark("<gx:Track xmlns:gx='http://www.google.com/kml/ext/2.2'><when>2020</when></gx:Track>"),
        2,
    ),
    "H206_model": (placemark("<Model><Location/></Model>"), 2),
    "H206_tour": ("<gx:Tour xmlns:gx='http://www.google.com/kml/ext/2.2'><name>y</name></gx:Tour>", 1),
}


@pytest.mark.parametrize("hazard", SKIPPED)
def test_H199_H206_what_is_not_read_is_told(tmp_path: Path, hazard: str) -> None:
    part, count = SKIPPED[hazard]
    reading, rows = opened(tmp_path, document(placemark(), part), "a.kml")
    assert len(rows) == count
    assert "skipped-element" in codes(reading.notes)


def test_H200_a_document_too_deep(tmp_path: Path) -> None:
    started = time.process_time()
    found = refused(tmp_path, document("<Folder>" * 100_000, placemark(), "</Folder>" * 100_000), "a.kml")
    assert (found.status, found.code) == (413, "xml-depth")
    assert time.process_time() - started < 2


def test_H201_gbk(tmp_path: Path) -> None:
    text = document(placemark(more=DATA)).decode().replace("UTF-8", "GBK").encode("gbk")
    reading, rows = opened(tmp_path, text, "a.kml")
    assert rows[0].properties["name"] == "富安东路"
    assert codes(reading.notes) == ["z-dropped"]
    assert reading.encoding == "gb18030"


@pytest.mark.parametrize(
    "coordinates", ["abc,def", "114.1", "114.1,nan", "1e400,2", "114.1;22.7", "１１４.1,22.7"]
)
def test_H202_no_position(tmp_path: Path, coordinates: str) -> None:
    geometry = f"<Point><coordinates>{coordinates}</coordinates></Point>"
    _, rows = opened(tmp_path, document(placemark(geometry), placemark()), "a.kml")
    assert codes(rows[0].issues)[0] in {"position", "coordinate-range"}
    assert rows[0].blocked
    assert rows[0].geometry is None


def test_H203_latitude_first(tmp_path: Path) -> None:
    geometry = f"<Point><coordinates>{LAT},{LON}</coordinates></Point>"
    found = refused(tmp_path, document(placemark(geometry)), "a.kml")
    assert (found.status, found.code, found.offers) == (422, "axis-swapped", {"axis": ["latlon"]})
    _, rows = opened(tmp_path, document(placemark(geometry)), "a.kml", axis="latlon")
    assert lonlat(rows[0]) == (LON, LAT)


def test_H204_markup_in_a_text_is_text(tmp_path: Path) -> None:
    script = "<description><![CDATA[<script>alert(1)</script>]]></description>"
    _, rows = opened(tmp_path, document(placemark(more=script)), "a.kml")
    assert rows[0].properties["description"] == "<script>alert(1)</script>"


def test_H205_kmz(tmp_path: Path) -> None:
    good = document(placemark())
    reading, rows = opened(tmp_path, packed(("doc.kml", good), ("images/a.png", b"x")), "a.kmz")
    assert (reading.format, len(rows)) == ("kmz", 1)
    bomb = refused(tmp_path, packed(("doc.kml", b" " * 100_000_000 + good)), "a.kmz")
    assert (bomb.status, bomb.code) == (413, "expanded")
    path = refused(tmp_path, packed(("doc.kml", good), ("../../x.png", b"x")), "a.kmz")
    assert (path.status, path.code) == (422, "archive-path")
    other = refused(tmp_path, packed(("doc.kml", good), ("run.exe", b"x")), "a.kmz")
    assert (other.status, other.code) == (415, "archive-member")
    several = refused(tmp_path, packed(("a.kml", good), ("b/b.kml", good)), "a.kmz")
    assert (several.code, several.offers) == ("choose-layer", {"layer": ["a.kml", "b/b.kml"]})
    _, rows = opened(tmp_path, packed(("a.kml", good), ("b/b.kml", good)), "a.kmz", layer="b/b.kml")
    assert len(rows) == 1
    assert refused(tmp_path, packed(("a.png", b"x"), ("b.KML.txt", b"x")), "a.kmz").status == 415


@pytest.mark.parametrize("tail", ["<x/>", "junk", "<?xml version='1.0'?><kml/>"])
def test_H207_junk_after_the_document(tmp_path: Path, tail: str) -> None:
    found = refused(tmp_path, document(placemark()) + tail.encode(), "a.kml")
    assert (found.status, found.code) == (422, "xml-syntax")


@pytest.mark.parametrize("cut", [-1, -8, -40, -150])
def test_H208_cut_off(tmp_path: Path, cut: int) -> None:
    found = refused(tmp_path, document(placemark())[:cut], "a.kml")
    assert (found.status, found.code) == (422, "xml-syntax")
    assert found.faults[0].line == 2


def test_H209_blanks_inside_and_no_height(tmp_path: Path) -> None:
    geometry = (
        f"<LineString><coordinates>\n {LON} , {LAT}\t{LON + 0.01}, {LAT} ,0\n</coordinates></LineString>"
    )
    _, rows = opened(tmp_path, document(placemark(geometry)), "a.kml")
    assert rows[0].geometry is not None
    assert len(rows[0].geometry.coords) == 2


def test_H219_another_ending_than_its_own(tmp_path: Path) -> None:
    _, rows = opened(tmp_path, document(placemark()), "a.geojson")
    assert len(rows) == 1
