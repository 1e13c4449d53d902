"""What chance does to texts that follow a grammar: JSON, XML, tables, boundary points."""

from __future__ import annotations

import json
import random
import re
from typing import Any

from tests.fuzzing.changed_bytes import Way

NUMBERS = (
    "0", "-0", "-1", "1e999", "-1e999", "1e-999", "NaN", "Infinity", "9" * 400, "0." + "3" * 400,
    "2147483648", "9007199254740993", "18446744073709551616", "1.5e308", "181", "-91", "2512330.6",
    "38512330.6", "1e5", "0x10", "١٢", "1,2", "１２", "--1", "+1", ".5", "5.", "1_000", "1e", "true", "", " ",
    "114°07'12\"E", "99999-99-99", "2025-02-30", "0000-00-00",
)  # fmt: skip
WORDS = (
    "", " ", "\u0000", "\ufeff", "\u202e", "\ud800", "=cmd|' /C calc'!A0", "=1+1",
    "'; drop table project; --", "../../x", "<script>alert(1)</script>", "x" * 70_000, "字" * 20_000,
    "𠮷\U0010ffff", "\r\n", "%s%n", "{0}", "null", "在建", "规划", "编号", "名称", "geometry", "__proto__",
    "NaN", "2025-13-45", "力争2027年底前", "e\u0301" * 500,
)  # fmt: skip
CODECS = (
    "gb18030",
    "gbk",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "big5",
    "cp1252",
    "utf-7",
)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_ELEMENT = re.compile(r"<([\w:]+)(\s[^<>]*)?>(?:[^<]*)</\1>|<[\w:]+(?:\s[^<>]*)?/>")
_TAG = re.compile(r"</?[\w:]+(?:\s[^<>]*)?/?>")
_HUGE, _AGAIN = "\u0001huge\u0001", "\u0001again\u0001"


def _text(data: bytes) -> str:
    """Whatever it is, as a text that goes back to the same bytes."""
    return data.decode("utf-8", "surrogateescape")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass" if "\ud800" in text else "surrogateescape")


def _one_of(found: list[re.Match[str]], chance: random.Random) -> re.Match[str]:
    if not found:
        raise ValueError("there is nothing of this sort in the text")
    return chance.choice(found)


def numbers(data: bytes, chance: random.Random, _: str) -> bytes:
    """One number of the text, or some, becomes another that is hard to read."""
    text = _text(data)
    for _n in range(chance.choice((1, 1, 3, 20))):
        found = _one_of(list(_NUMBER.finditer(text)), chance)
        text = text[: found.start()] + chance.choice(NUMBERS) + text[found.end() :]
    return _bytes(text)


def otherwise_written(data: bytes, chance: random.Random, _: str) -> bytes:
    """The same text in another encoding, or half of it."""
    text, codec = data.decode("utf-8", "replace"), chance.choice(CODECS)
    if chance.random() < 0.3:
        at = chance.randrange(len(text) + 1)
        return text[:at].encode("utf-8") + text[at:].encode(codec, "replace")
    return text.encode(codec, "replace")


def lines(data: bytes, chance: random.Random, _: str) -> bytes:
    """Lines left out, repeated, exchanged, joined, or ended in another way."""
    there = data.split(b"\n")
    at, to = chance.randrange(len(there)), chance.randrange(len(there))
    match chance.randrange(6):
        case 0:
            del there[at]
        case 1:
            there[at:at] = [there[at]] * chance.choice((1, 1, 2_000))
        case 2:
            there[at], there[to] = there[to], there[at]
        case 3:
            there[at : at + 2] = [b"".join(there[at : at + 2])]
        case 4:
            return chance.choice((b"\r", b"\r\n", b"\n\n", b"\x0b", "\u2028".encode())).join(there)
        case _:
            there[at:at] = [chance.choice((b"", b"\x00", b"#", b'"', b"\x1e", b"," * 5_000))]
    return b"\n".join(there)


def addresses(data: bytes, chance: random.Random, canary: str) -> bytes:
    """An address in the place of a word: as a browser, as GDAL or as a file system would take it."""
    text = _text(data)
    found = _one_of(list(re.finditer(r"[^\s\"'<>,;:=\[\]{}()]{2,}", text)), chance)
    address = chance.choice(
        (canary, f"{canary}/x", f"/vsicurl/{canary}/x", f"WFS:{canary}", "file:///etc/passwd")
    )
    return _bytes(text[: found.start()] + address + text[found.end() :])


# ---------------------------------------------------------------- JSON


def json_values(data: bytes, chance: random.Random, canary: str) -> bytes:
    """One value, or some, of another type, missing, deep in itself, or under a key that is there already."""
    document = json.loads(data.decode("utf-8-sig"))
    for _n in range(chance.choice((1, 1, 2, 5))):
        places = list(_places(document))
        holder, key = chance.choice(places)
        _change(holder, key, chance, canary)
    text = json.dumps(document, ensure_ascii=chance.random() < 0.3)
    text = re.sub(r'"(?:\\u0001|\u0001)huge(?:\\u0001|\u0001)(.*?)"', r"\1", text)
    text = re.sub(r"(?:\\u0001|\u0001)again(?:\\u0001|\u0001)", "", text)
    return _bytes(text)


def _places(document: Any) -> Any:
    """Every holder and key of a value."""
    stack = [document]
    while stack:
        holder = stack.pop()
        for key, value in holder.items() if isinstance(holder, dict) else enumerate(holder):
            yield holder, key
            if isinstance(value, dict | list):
                stack.append(value)


def _change(holder: Any, key: Any, chance: random.Random, canary: str) -> None:
    value = holder[key]
    match chance.randrange(9):
        case 0:
            del holder[key]
        case 1:
            holder[key] = _deep(value, chance)
        case 2 | 3 if isinstance(holder, dict) and chance.random() < 0.3:
            holder[chance.choice(WORDS)] = holder.pop(key)
        case 2:
            holder[key] = f"\u0001huge\u0001{chance.choice(NUMBERS[:14])}"
        case 3:
            holder[key] = chance.choice(WORDS)
        case 4 if isinstance(holder, dict):
            holder[f"{_AGAIN}{key}"] = chance.choice((value, None, [], 1, {}))
        case 5 if isinstance(value, list):
            holder[key] = value[0] if value and chance.random() < 0.5 else [value]
        case 6 if isinstance(holder, dict):
            links = {"type": "link", "properties": {"href": f"{canary}/crs", "type": "ogcwkt"}}
            named = {
                "type": "name",
                "properties": {"name": chance.choice((f"{canary}/4326", "EPSG:4547", "x", ""))},
            }
            holder["crs"] = chance.choice((links, named, None, [], "EPSG:4326"))
        case 7 if isinstance(value, list):
            holder[key] = value * chance.choice((0, 2, 300)) if len(value) < 50 else value[::-1]
        case _:
            holder[key] = chance.choice(
                (None, True, False, 0, -1, 1.5, [], {}, [[]], {"type": "Point"}, "Point", "Polygon")
            )


def _deep(value: Any, chance: random.Random) -> Any:
    # Deeper than the writer of Python goes is left to the cases of hazards.
    for _n in range(chance.choice((1, 2, 5, 63, 64, 65, 300))):
        value = [value] if chance.random() < 0.5 else {"type": "GeometryCollection", "geometries": [value]}
    return value


# ---------------------------------------------------------------- XML


def xml_elements(data: bytes, chance: random.Random, canary: str) -> bytes:
    """An element left out, repeated, put into itself, called otherwise, or only half there."""
    text = _text(data)
    whole = chance.random() < 0.6
    found = _one_of(list((_ELEMENT if whole else _TAG).finditer(text)), chance)
    element = found[0]
    match chance.randrange(7):
        case 0:
            new = ""
        case 1:
            new = element * chance.choice((2, 2, 3_000))
        case 2:
            depth = chance.choice((1, 10, 300, 5_000))
            new = "<Folder>" * depth + element + "</Folder>" * depth
        case 3:
            new = re.sub(
                r"[\w:]+",
                chance.choice(
                    ("x", "kml", "Placemark", "Point", "x:y", "Polygon", "coordinates", "c", "v", "row")
                ),
                element,
                count=1,
            )
        case 4:
            new = re.sub(r">[^<]*<", lambda _m: f">{chance.choice(NUMBERS + WORDS)}<", element, count=1)
        case 5:
            new = re.sub(
                r'"[^"]*"',
                lambda _m: f'"{chance.choice((*NUMBERS, canary, "A1:XFD1048576", "s", "d", "e"))}"',
                element,
                count=1,
            )
        case _:
            new = (
                chance.choice(
                    ("<![CDATA[", "<!--", "&#0;", "&#x110000;", "&lol;", "<?x?>", "]]>", "</Document>")
                )
                + element
            )
    return _bytes(text[: found.start()] + new + text[found.end() :])


def xml_outside(data: bytes, chance: random.Random, canary: str) -> bytes:
    """Something that asks for more than is in the document: a type, an entity, a link, a style, a schema."""
    text = _text(data)
    entity = f'<!DOCTYPE kml [<!ENTITY x SYSTEM "{canary}/entity">]>'
    heads = (
        entity,
        f'<!DOCTYPE kml SYSTEM "{canary}/x.dtd">',
        f'<!DOCTYPE kml [<!ENTITY % p SYSTEM "{canary}/parameter">%p;]>',
        '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        "<!DOCTYPE kml [<!ENTITY x 'ha'><!ENTITY y '" + "&x;" * 500 + "'>]>",
        f'<?xml-stylesheet href="{canary}/style.xsl" type="text/xsl"?>',
    )
    links = (
        f"<NetworkLink><Link><href>{canary}/link</href></Link></NetworkLink>",
        f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{canary}/include"/>',
        f"<Style><IconStyle><Icon><href>{canary}/icon</href></Icon></IconStyle></Style>",
        f"<GroundOverlay><Icon><href>{canary}/overlay</href></Icon></GroundOverlay>",
        f'<x xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a {canary}/schema"/>',
        f'<Relationship Id="rId99" Type="x" Target="{canary}/relation" TargetMode="External"/>',
        "&x;&y;",
    )
    if chance.random() < 0.6:
        after = re.match(r"(\ufeff)?<\?xml[^>]*\?>", text)
        at = after.end() if after else 0
        text = text[:at] + chance.choice(heads) + text[at:]
    if chance.random() < 0.7:
        found = _one_of(list(_TAG.finditer(text)), chance)
        text = text[: found.end()] + chance.choice(links) + text[found.end() :]
    return _bytes(text)


def xml_head(data: bytes, chance: random.Random, _: str) -> bytes:
    """Another encoding or version than the document is in."""
    says = chance.choice(
        ("utf-16", "gbk", "gb2312", "utf-7", "latin-1", "ebcdic-cp-us", "x", "", "idna", "hex", "UTF-8")
    )
    head = f'<?xml version="{chance.choice(("1.0", "1.1", "9"))}" encoding="{says}"?>'
    return head.encode() + re.sub(rb"^(\xef\xbb\xbf)?<\?xml[^>]*\?>", b"", data)


# ---------------------------------------------------------------- tables


def cells(data: bytes, chance: random.Random, _: str) -> bytes:
    """A cell of a table that is a formula, empty, endless, half quoted, or a shape that is none."""
    text = _text(data)
    found = _one_of(list(re.finditer(r"[^,;\t|\r\n]+", text)), chance)
    shapes = (
        "POINT EMPTY", "POLYGON ((114 22, 115 23))",
        "GEOMETRYCOLLECTION(" * 300 + "POINT(114 22)" + ")" * 300, "POINT Z (114.1 22.6 nan)",
        "LINESTRING (114.1 22.6)", "POLYGON((" + "114.1 22.6," * 3_000 + "114.1 22.6))",
        "SRID=4547;POINT(1 2)",
        "CURVEPOLYGON(CIRCULARSTRING(0 0,1 1,2 0))", '{"type":"Point","coordinates":[114.1]}',
        "0101000000", "POINT(114.1,22.6)", "MULTIPOINT(114.1 22.6,)",
    )  # fmt: skip
    new = chance.choice(
        (*WORDS, *NUMBERS, *shapes, '"', '""', '"a""', "a\x00b", "," * 300, '"' + "\n" * 50 + '"')
    )
    return _bytes(text[: found.start()] + new + text[found.end() :])


def separators(data: bytes, chance: random.Random, _: str) -> bytes:
    """Other signs between cells, everywhere or here and there; quotes that do not close."""
    text = _text(data)
    old, new = chance.choice(',;\t"'), chance.choice((",", ";", "\t", "|", '"', "'", "，", ":", "\x00", " "))
    if chance.random() < 0.5:
        return _bytes(text.replace(old, new))
    found = _one_of(list(re.finditer(re.escape(old), text)), chance)
    return _bytes(text[: found.start()] + new + text[found.end() :])


# ---------------------------------------------------------------- boundary points


def points(data: bytes, chance: random.Random, _: str) -> bytes:
    """A line of the head says something else; a point is of another ring, lacks a part or has one more."""
    text = _text(data)
    if chance.random() < 0.4:
        found = _one_of(list(re.finditer(r"[^\r\n=]+=[^\r\n]*", text)), chance)
        name, _sign, value = found[0].partition("=")
        said = (
            f"{name}=", f"{name}={chance.choice(NUMBERS)}", f"={value}", name, f"{name}=={value}",
            f"{name}={chance.choice(WORDS)}", "坐标系=北京54坐标系", "几度分带=6", "带号=999",
            "计量单位=公里", "转换参数=1,2,3,4,5,6,7", "投影类型=墨卡托",
        )  # fmt: skip
        new = chance.choice(said)
    else:
        found = _one_of(list(re.finditer(r"(?m)^[^\r\n=\[]*,[^\r\n]*", text)), chance)
        parts = found[0].split(",")
        at = chance.randrange(len(parts))
        match chance.randrange(5):
            case 0:
                del parts[at]
            case 1:
                parts[at:at] = [parts[at]] * chance.choice((1, 300))
            case 2:
                parts.reverse()
            case 3:
                parts.append("@")
            case _:
                parts[at] = chance.choice(NUMBERS + WORDS)
        new = ",".join(parts)
    return _bytes(text[: found.start()] + new + text[found.end() :])


TEXTS: tuple[Way, ...] = (numbers, otherwise_written, lines, addresses)
JSON: tuple[Way, ...] = (json_values, json_values, json_values, numbers, addresses)
XML: tuple[Way, ...] = (xml_elements, xml_elements, xml_outside, xml_head, numbers)
TABLE: tuple[Way, ...] = (cells, cells, separators)
POINTS: tuple[Way, ...] = (points, points, points)
