"""What readers find in shapes and values, with its words: part of the catalogue of `geodata.issues`."""

from __future__ import annotations

from geodata.told import Severity

# code: (severity, Chinese, English); braces are filled from the issue's values.
SHAPE_ISSUES: dict[str, tuple[Severity, str, str]] = {
    "position": (
        "block",
        "{value} 处不是一个位置：应为 [经度, 纬度] 两个数",
        "there is no position at {value}: two numbers are needed, [longitude, latitude]",
    ),
    "coordinate-empty": (
        "block",
        "“{value}”是空的：这一行的坐标不全",
        "'{value}' is empty: the coordinates of this row are not complete",
    ),
    "coordinate-unread": (
        "block",
        "“{column}”里的“{value}”不是坐标：应为一个数（如 114.1130），或度分秒（如 114°07'12\"E）",
        "'{value}' in '{column}' is no coordinate: a number is needed, like 114.1130, or degrees, minutes and"
        " seconds",
    ),
    "point-coordinates": (
        "block",
        "文本第 {value} 行的坐标读不出：应为纵坐标、横坐标（或纬度、经度）两个数",
        "the coordinates of line {value} of the text cannot be read: two numbers are needed, northing"
        " and easting (or latitude and longitude)",
    ),
    "axes-swapped": (
        "block",
        "经纬度写反了？{value}（经度, 纬度）对调后才在本地区",
        "are the coordinates swapped? {value} (longitude, latitude) is in this area only the other way round",
    ),
    "ring-not-closed": (
        "block",
        "环没有闭合：最后一点应与第一点相同",
        "a ring is not closed: its last point should equal its first",
    ),
    "ring-too-short": ("block", "环少于四个点", "a ring has fewer than four points"),
    "line-too-short": ("block", "线少于两个点", "a line has fewer than two points"),
    "degenerate": (
        "block",
        "面没有面积或线没有长度（按 1e-8° 存储后）",
        "an area without extent or a line without length (as stored, at 1e-8 degrees)",
    ),
    "geometry-unsupported": (
        "block",
        "不支持几何 {value}：应为点、线或面",
        "the geometry {value} is not read: points, lines or areas are",
    ),
    "geometry-encoding": (
        "block",
        "几何的二进制编码已损坏（{value}）",
        "the binary form of the geometry is damaged ({value})",
    ),
    "geometry-system": (
        "block",
        "几何自带的坐标系编号与图层的不同（{value}）：不知道哪个对，请在原软件里统一坐标系后再导出",
        "the geometry names another coordinate system than its layer ({value}): nobody knows which is true;"
        " give the layer one system and export it again",
    ),
    "wkt": ("block", "“{value}”不是有效的 WKT", "'{value}' is no valid WKT"),
    "null-island": (
        "block",
        "坐标为 0, 0：多半是缺失的坐标",
        "the coordinates are 0, 0: most likely they are missing",
    ),
    "point-count": (
        "warn",
        "写明 {value} 个界址点，实有 {other} 个",
        "{value} boundary points are announced, there are {other}",
    ),
    "null-geometry": ("warn", "没有几何：列为未定位", "there is no geometry: listed as unlocated"),
    "sliver": ("warn", "面极窄，平均宽度 {value} 米", "a very thin area, {value} m wide on average"),
    "collection-exploded": (
        "warn",
        "几何集合已合为一个多部件几何",
        "a collection of geometries was made one multi-part geometry",
    ),
    "number-exact": (
        "warn",
        "“{field}”的数 {value} 位数过多：为不失精度，按文字保留",
        "the number {value} in '{field}' has too many digits: kept as text so that none is lost",
    ),
    "dms-converted": (
        "warn",
        "“{value}”由度分秒换算为度",
        "'{value}' was converted from degrees, minutes and seconds",
    ),
}
