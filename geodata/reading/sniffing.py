"""What a file is, decided by its content alone; its name only helps where content is silent."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Literal

import orjson

from geodata.reading.archive import is_archive, is_litter
from geodata.reading.charsets import unmarked_utf16
from geodata.reading.contract import Refused
from geodata.reading.refusals import refusal

Format = Literal["geojson", "geopackage", "kml", "kmz", "landpoints", "shapefile", "table", "xlsx"]

_GIS_ZH, _GIS_EN = (
    "请在 QGIS 或 ArcGIS 里导出为 GeoPackage 或 GeoJSON 再上传。",
    "Export it as GeoPackage or GeoJSON in QGIS or ArcGIS.",
)
_UNZIP = (
    "Shapefile 请打包成 .zip；别的请先解压，再上传里面的文件。",
    "Pack a Shapefile as .zip; of others bring what is inside.",
)
_ZIP_IT = (
    "请把 .shp、.shx、.dbf、.prj 一起打包成 .zip 再上传。",
    "Pack .shp, .shx, .dbf and .prj together in a .zip.",
)
_EXPORT = (_GIS_ZH, _GIS_EN)
_SAVE_XLSX = ("请在 Excel 里另存为 .xlsx 再上传。", "Save it as .xlsx in Excel.")
_FETCH_AGAIN = (
    "请重新导出或下载；若本来就是表格，请改名为 .csv 再上传。",
    "Export or fetch it again; if it is a table, rename it to .csv.",
)
_NONE = ("", "")
# Names of what is never plain text: text under one of them is most likely not what somebody meant to bring.
_PACKED = (".zip", ".kmz", ".xlsx", ".gpkg", ".shp", ".dbf")

_SQLITE = b"SQLite format 3\x00"
# What a GeoPackage says of itself in the header of SQLite: since 1.2, and before.
_GEOPACKAGE = (b"GPKG", b"GP11", b"GP10")

# (offset, bytes, what it is in Chinese, in English, what to do)
_MAGIC: tuple[tuple[int, bytes, str, str, tuple[str, str]], ...] = (
    (0, b"\x1f\x8b", "gzip 压缩文件", "a gzip file", _UNZIP),
    (0, b"Rar!", "RAR 压缩包", "a RAR archive", _UNZIP),
    (0, b"7z\xbc\xaf\x27\x1c", "7z 压缩包", "a 7z archive", _UNZIP),
    (0, b"BZh", "bzip2 压缩文件", "a bzip2 file", _UNZIP),
    (0, b"\xfd7zXZ", "xz 压缩文件", "an xz file", _UNZIP),
    (0, b"\x28\xb5\x2f\xfd", "zstd 压缩文件", "a zstd file", _UNZIP),
    (257, b"ustar", "tar 归档", "a tar archive", _UNZIP),
    (0, b"PK\x05\x06", "空的 ZIP 压缩包", "an empty ZIP archive", _UNZIP),
    (0, b"\x89PNG", "PNG 图片", "a PNG image", _NONE),
    (0, b"\xff\xd8\xff", "JPEG 图片", "a JPEG image", _NONE),
    (0, b"GIF8", "GIF 图片", "a GIF image", _NONE),
    (0, b"II*\x00", "TIFF 影像", "a TIFF image", _NONE),
    (0, b"MM\x00*", "TIFF 影像", "a TIFF image", _NONE),
    (0, b"%PDF", "PDF 文档", "a PDF document", _NONE),
    (0, b"AC10", "AutoCAD DWG 图纸", "an AutoCAD DWG drawing", _EXPORT),
    (0, b"AutoCAD Binary DXF", "AutoCAD DXF 图纸", "an AutoCAD DXF drawing", _EXPORT),
    (0, _SQLITE, "SQLite 数据库", "an SQLite database", _EXPORT),
    (0, b"\xd0\xcf\x11\xe0", "旧版 Office 文件（.xls、.doc）或加密的工作簿",
     "an old Office file (.xls, .doc) or an encrypted workbook", _SAVE_XLSX),
    (0, b"\x00\x00\x27\x0a", "单独的 Shapefile（.shp）", "a lone Shapefile (.shp)", _ZIP_IT),
    (0, b"fgb\x03", "FlatGeobuf", "a FlatGeobuf", _EXPORT),
    (0, b"PAR1", "Parquet", "a Parquet file", _EXPORT),
    (0, b"\x7fELF", "可执行程序", "a program", _NONE),
    (0, b"MZ", "可执行程序", "a program", _NONE),
)  # fmt: skip

# The first element of an XML document, or the start of one.
_XML: tuple[tuple[str, str, str, tuple[str, str]], ...] = (
    (r"<!doctype html|<html|<head|<body", "网页（可能是登录页）",
     "a web page (perhaps a page to sign in)", ("请重新下载数据文件。", "Fetch the data file again.")),
    (r"<ogrvrt", "GDAL 虚拟图层（VRT）", "a GDAL virtual layer (VRT)", _EXPORT),
    (r"<(\w+:)?(wfs|ogrwfs|wms|csw|capabilities|ogc)", "网络地图服务的描述",
     "the description of a map service", _EXPORT),
    (r"<(\w+:)?featurecollection|<gml", "GML", "GML", _EXPORT),
    (r"<svg", "SVG 图片", "an SVG image", _NONE),
)  # fmt: skip

# Marks of a file of boundary points, in the encodings in which they come.
_LANDPOINTS = tuple(
    mark.encode(codec)
    for name in ("属性描述", "地块坐标")
    for mark in (f"[{name}]", f"【{name}】")
    for codec in ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
)
# Not a record separator, which Python counts as a blank.
_BLANK = " \t\r\n\f\v\ufeff"
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13, 27, 30}) + b"\x7f"


def sniff(path: Path, name: str) -> Format:
    """The format of the file. name: as the uploader calls it.

    Raises Refused: empty-file (422), unsupported-format or geojson-sequence (415) naming what was found.
    """
    with path.open("rb") as file:
        head = file.read(64 * 1024)
    if not head:
        raise refusal("empty-file")
    if head.startswith(b"PK\x03\x04"):
        return _archive(path)
    if head.startswith(_SQLITE) and head[68:72] in _GEOPACKAGE:
        return "geopackage"
    for offset, magic, zh, en, how in _MAGIC:
        if head.startswith(magic, offset):
            raise _unsupported(zh, en, how)
    return _text(path, head, name)


def _text(path: Path, head: bytes, name: str) -> Format:
    if head.lstrip()[:1] not in (b"{", b"<") and any(mark in head[:2048] for mark in _LANDPOINTS):
        return "landpoints"
    start = _readable(head)
    if not start.strip(_BLANK):
        if path.stat().st_size <= len(head) or not _holds_more(path):
            raise refusal("empty-file")
        raise _unsupported("无法识别的文件", "a file of no known kind", _NONE)
    start = start.lstrip(_BLANK)
    if start.startswith("\x1e"):
        raise refusal("geojson-sequence")
    if start.startswith("<"):
        return _xml(start)
    if re.match(r"(999\s+.*\s+)?0\s*\r?\n\s*SECTION\b", start):
        raise _unsupported("AutoCAD DXF 图纸", "an AutoCAD DXF drawing", _EXPORT)
    if start[0] in "{[" or name.lower().endswith((".json", ".geojson")) or _is_json_scalar(head):
        return "geojson"
    if (ending := Path(name).suffix.lower()) in _PACKED:
        raise _unsupported(f"名为 {ending} 的文本文件", f"a text file named {ending}", _FETCH_AGAIN)
    return "table"


def _readable(head: bytes) -> str:
    """The beginning as text whatever its encoding, good enough to tell formats apart."""
    if head.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return head.decode("utf-32", errors="ignore")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", errors="ignore")
    if codec := unmarked_utf16(head):
        return head.decode(codec, errors="replace")
    if head.startswith(b"\x00") or len(head) - len(head.translate(None, _CONTROLS)) > len(head) // 20 + 2:
        raise _unsupported("二进制文件", "a binary file", _NONE)
    return head.decode("utf-8-sig", errors="replace")


def _holds_more(path: Path) -> bool:
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            if piece.strip():
                return True
    return False


def _is_json_scalar(head: bytes) -> bool:
    if len(head) > 1000:
        return False
    try:
        orjson.loads(head)
    except orjson.JSONDecodeError:
        return False
    return True


def _xml(start: str) -> Format:
    text = re.sub(r"^(<\?xml.*?\?>|<!--.*?-->|\s+)*", "", start, flags=re.DOTALL).lower()
    # A reader must see it before it can refuse what stands before the first element.
    if re.match(r"<!doctype kml\b|(<!doctype \w+ \[.*?\]>\s*)?<(\w+:)?kml\b", text, re.DOTALL):
        return "kml"
    for pattern, zh, en, how in _XML:
        if re.match(pattern, text):
            raise _unsupported(zh, en, how)
    raise _unsupported("XML 文件", "an XML file", _EXPORT)


def _archive(path: Path) -> Format:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {entry.filename.lower() for entry in archive.infolist() if not is_litter(entry.filename)}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise _unsupported("损坏或不完整的 ZIP 压缩包", "a damaged ZIP archive", _NONE) from None
    if "[content_types].xml" in names:
        if any(name.startswith("xl/workbook") and name.endswith(".xml") for name in names):
            return "xlsx"
        raise _unsupported(
            "Office 文档（不是 .xlsx 工作簿）", "an Office document, not an .xlsx workbook", _SAVE_XLSX
        )
    if any(name.endswith((".shp", ".shx", ".dbf")) for name in names):
        return "shapefile"
    if any(name.endswith(".kml") for name in names):
        return "kmz"
    if "content.xml" in names:
        raise _unsupported("OpenDocument 文档", "an OpenDocument file", _SAVE_XLSX)
    if nested := next(filter(is_archive, sorted(names)), ""):
        raise refusal("nested-archive", value=nested)
    raise _unsupported("ZIP 压缩包", "a ZIP archive", _UNZIP)


def _unsupported(zh: str, en: str, how: tuple[str, str]) -> Refused:
    return refusal("unsupported-format", what_zh=zh, what_en=en, how_zh=how[0], how_en=how[1])
