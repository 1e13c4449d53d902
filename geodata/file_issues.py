"""What a whole file deserves to be told, with its words: part of the catalogue of `geodata.issues`."""

from __future__ import annotations

from geodata.told import Severity

# code: (severity, Chinese, English); braces are filled from the issue's values.
FILE_ISSUES: dict[str, tuple[Severity, str, str]] = {
    "charset-converted": ("warn", "文件编码是 {value}，已转换", "the file is in {value} and was converted"),
    "charset-gb18030": (
        "warn",
        "文件编码推断为 GB18030（GBK）；请确认这些文字无误：{value}",
        "the encoding was taken to be GB18030 (GBK); confirm that these words read well: {value}",
    ),
    "as-before": (
        "warn",
        "按上次（{day}，{value}）的回答读取：{what}",
        "read by the answers of last time ({day}, {value}): {what}",
    ),
    "as-before-not": (
        "warn",
        "没有沿用上次（{day}，{value}）的回答：{why}",
        "the answers of last time ({day}, {value}) were not taken: {why}",
    ),
    "as-before-none": (
        "warn",
        "没有沿用上次的回答：没有这个数据集的上传 {value}，或者它没有列",
        "no earlier answers were taken: there is no upload {value} of this dataset, or it has no columns",
    ),
    "crs-assumed": (
        "warn",
        "文件没有说明坐标系：按 {value} 读取",
        "the file does not say its coordinate system: read as {value}",
    ),
    "datum-approximate": (
        "warn",
        "{value} 与 WGS84 之间没有公开的精确参数：位置可能偏差数米",
        "no exact parameters are public between {value} and WGS84: places may be some metres off",
    ),
    "axis-exchanged": (
        "warn",
        "按所选顺序读取：纬度（或北坐标）在前",
        "read in the order chosen: latitude (or northing) first",
    ),
    "datum-converted": (
        "warn",
        "坐标已按所选由 {value} 换算为 WGS84",
        "the coordinates were converted from {value} to WGS84, as chosen",
    ),
    "datum-suspected": (
        "warn",
        "{of} 个同名点中有 {back} 个偏离已知位置约 {metres} 米、方位 {azimuth}°，正是 {field} 的偏移："
        "坐标是否为 {field}？",
        "{back} of {of} points lie some {metres} m toward {azimuth} degrees of the known things of their"
        " names, just as {field} would put them: are these {field}?",
    ),
    "z-dropped": ("warn", "{value} 行带高程：已略去", "{value} rows have heights: left out"),
    "ordinates-dropped": (
        "warn",
        "{value} 行的坐标多于三个数：多余的已略去",
        "{value} rows have positions of more than three numbers: the rest was left out",
    ),
    "bbox-ignored": (
        "warn",
        "文件写的范围（bbox）与几何不符：未采用",
        "the bbox the file states does not fit its geometries: not used",
    ),
    "properties-missing": (
        "warn",
        "{value} 行没有 properties",
        "{value} rows have no properties",
    ),
    "bare-geometry": (
        "warn",
        "文件只是一个几何，没有属性",
        "the file is a bare geometry, without attributes",
    ),
    "dialect": (
        "warn",
        "表格的分隔符或小数点与通常不同：{value}",
        "the table's separator or decimal sign is not the usual: {value}",
    ),
    "coordinate-normalised": (
        "warn",
        "{value} 个坐标用了全角数字或小数逗号：已按数读取",
        "{value} coordinates hold full-width digits or decimal commas: read as numbers",
    ),
    "outlines-closed": (
        "warn",
        "{value} 个环首尾不同点：已按图斑惯例闭合",
        "{value} rings did not end where they began: closed, as lists of boundary points are meant",
    ),
    "skipped-element": (
        "warn",
        "文件里有不读取的内容，已略去：{value}",
        "the file holds what is not read, and it was left out: {value}",
    ),
    "charset-override": (
        "warn",
        "文件说编码是 {value}，实际是 {other}：已按实际读取",
        "the file says its encoding is {value}, and it is {other}: read as it is",
    ),
    "shx-rebuilt": (
        "warn",
        "没有 .shx：已由 .shp 重建索引（{value} 行）",
        "there is no .shx: the index was rebuilt from the .shp ({value} rows)",
    ),
    "field-truncated": (
        "warn",
        "Shapefile 的列名最多十个字节，这些可能被截断：{value}；请在列对应里核对",
        "a Shapefile cuts column names to ten bytes, perhaps these: {value}; check what they stand for",
    ),
    "column-unread": (
        "warn",
        "这些列不是文字、数或日期，已略去：{value}",
        "these columns are neither texts, numbers nor days, and were left out: {value}",
    ),
    "value-truncated": (
        "warn",
        "{value} 个文字值在半个字符处被截断：末尾已丢失，请核对原始数据",
        "{value} texts were cut within a character: their ends are lost, compare the original",
    ),
    "value-unreadable": (
        "warn",
        "{value} 个数或日期无法读取（例如 ****、00000000）：已视为空。列 {columns}，第 {rows} 行",
        "{value} numbers or days cannot be read (such as **** or 00000000) and were taken as empty:"
        " column {columns}, rows {rows}",
    ),
    "rows-deleted": (
        "warn",
        "{value} 行在文件里标为已删除：已略去",
        "{value} rows are marked as deleted in the file: left out",
    ),
    "schema-objects": (
        "warn",
        "文件里有触发器或视图，未运行：{value}",
        "the file holds triggers or views, which were not run: {value}",
    ),
}
