"""Every reason for which a file is refused: its status and its words."""

from __future__ import annotations

# code: (status, Chinese, English); braces are filled from the refusal's values. Where a code has several
# wordings, a stroke parts it from the name of one.
REFUSALS: dict[str, tuple[int, str, str]] = {
    "ledger-format": (
        415,
        "台账应是 Excel 工作簿（.xlsx）：请另存为 .xlsx 再上传",
        "a ledger is an Excel workbook (.xlsx): save it as .xlsx",
    ),
    "ledger-header": (
        422,
        "前 30 行里没有找到台账的表头：需要一列“项目名称”（或“项目编号”），"
        "以及“完成时限”“总投资”“责任单位”等至少一列",
        "no header of a ledger within 30 lines: a column of names (or codes) of projects is needed, and one"
        " at least such as deadline, total investment or lead unit",
    ),
    "empty-file": (422, "文件是空的", "the file is empty"),
    "unsupported-format": (
        415,
        "这个文件是{what_zh}；可以读的是 GeoJSON、KML（KMZ）、Shapefile（.zip）、GeoPackage、CSV（TSV）、"
        "XLSX 和界址点文本。{how_zh}",
        "this is {what_en}; what can be read are GeoJSON, KML (KMZ), zipped Shapefiles, GeoPackage,"
        " CSV (TSV), XLSX and texts of boundary points. {how_en}",
    ),
    "geojson-sequence": (
        415,
        "这是 GeoJSON 文本序列（每行文本一个 Feature）：请合成一个 FeatureCollection 再上传",
        "this is a GeoJSON text sequence (one Feature a line of text): bring them as one FeatureCollection",
    ),
    "charset/unsupported": (
        415,
        "编码 {value} 不受支持：请另存为 UTF-8",
        "the encoding {value} is not read: save the file as UTF-8",
    ),
    "charset": (
        422,
        "第 {byte} 字节处的文字不是有效的 {value}：请另存为 UTF-8",
        "the text at byte {byte} is not valid {value}: save the file as UTF-8",
    ),
    "charset/surrogate": (
        422,
        "文本第 {line} 行第 {column} 列有半个 Unicode 代理对，不是完整的字符",
        "line {line} of the text, column {column}, holds half of a Unicode surrogate pair: no character",
    ),
    "json-syntax": (
        422,
        "文本第 {line} 行第 {column} 列的 JSON 有语法错误（{value}）",
        "the JSON has a fault of syntax at line {line} of the text, column {column} ({value})",
    ),
    "json-truncated": (
        422,
        "JSON 不完整：文本在第 {line} 行中断",
        "the JSON is not complete: the text breaks off at its line {line}",
    ),
    "number-range": (
        422,
        "文本第 {line} 行第 {column} 列的数太大，无法表示",
        "the number at line {line} of the text, column {column}, is too large to be held",
    ),
    "control-character": (422, "文字含有控制字符（{value}）", "a text holds a control character ({value})"),
    "duplicate-key": (
        422,
        "同一对象里“{value}”出现了两次",
        "'{value}' stands twice in one object",
    ),
    "geojson-type": (
        422,
        "这不是 GeoJSON：“type”是“{value}”，应为 FeatureCollection 或 Feature（区分大小写）",
        "this is no GeoJSON: 'type' is '{value}', not FeatureCollection or Feature (mind the case)",
    ),
    "geojson-structure": (
        422,
        "GeoJSON 结构有误：{pointer} 应为{what_zh}",
        "the structure of the GeoJSON is wrong: {pointer} should be {what_en}",
    ),
    "no-features": (422, "文件里没有一行数据", "the file holds no rows"),
    "no-geometry": (
        422,
        "没有找到坐标列：需要经度和纬度（或东坐标和北坐标）两列，或一列 WKT",
        "no columns of coordinates: longitude and latitude (or easting and northing), or one of WKT",
    ),
    "crs-unknown": (
        422,
        "不认识坐标系“{value}”：请选择实际使用的坐标系，例如 EPSG:4547",
        "the coordinate system '{value}' is not known: say which one it is, e.g. EPSG:4547",
    ),
    "crs-link": (
        422,
        "文件把坐标系写成了链接：为安全起见不会打开它，请改写为名称，例如 EPSG:4547",
        "the file gives its coordinate system as a link, which is never opened: give a name, e.g. EPSG:4547",
    ),
    "crs-placement": (
        422,
        "坐标系（crs）写在了某一行上（{pointer}）：只能写在整个文件上",
        "a coordinate system (crs) stands on one row ({pointer}): it may only stand on the file",
    ),
    "crs-conflict": (
        422,
        "坐标系不一致：文件为 {value}，所选为 {other}",
        "the coordinate systems disagree: the file has {value}, {other} was chosen",
    ),
    "source-crs": (
        422,
        "不认识坐标基准“{value}”：应为 WGS84、CGCS2000、GCJ-02 或 BD-09；后两者只用于经纬度",
        "the datum '{value}' is not known: WGS84, CGCS2000, GCJ-02 or BD-09, the last two for degrees only",
    ),
    "axis-unknown": (
        422,
        "坐标顺序“{value}”应为 lonlat 或 latlon",
        "the order of axes '{value}' should be lonlat or latlon",
    ),
    "projected-coordinates": (
        422,
        "坐标不是经纬度（例如 {value}），像是投影坐标：请选择坐标系",
        "the coordinates are no degrees (e.g. {value}) but look projected: choose the coordinate system",
    ),
    "axis-swapped": (
        422,
        "坐标的先后似乎颠倒了：交换后 {lands}/{of} 行落在本地区，请确认坐标顺序",
        "the axes seem swapped: exchanged, {lands} of {of} rows fall into the area; confirm their order",
    ),
    "field-name": (
        422,
        "列名“{value}”含有不允许的字符或是保留名",
        "the column name '{value}' holds characters that are not allowed, or is reserved",
    ),
    "landpoints-structure": (
        422,
        "文本第 {line} 行既不是地块（以 @ 结尾）也不是界址点（点号,圈号,X,Y）：{value}",
        "line {line} of the text is neither a parcel, which ends in @, nor a point (name, ring, north, east):"
        " {value}",
    ),
    "duplicate-field": (422, "列名“{value}”重复", "the column '{value}' stands twice"),
    "row-width": (
        422,
        "第 {line} 行有 {value} 列，表头有 {other} 列",
        "row {line} has {value} columns, the header has {other}",
    ),
    "csv-quote": (
        422,
        "从文本第 {line} 行起引号不配对",
        "a quotation mark has no partner, from line {line} of the text on",
    ),
    "choose-layer": (
        422,
        "文件里有多个图层或工作表：请选择一个（{value}）",
        "the file holds several layers or sheets: choose one ({value})",
    ),
    "layer-unknown": (422, "没有图层或工作表“{value}”", "there is no layer or sheet '{value}'"),
    "missing-part": (
        422,
        "压缩包里缺少 {value}：请把 .shp、.shx、.dbf、.prj 一起打包",
        "{value} is missing from the archive: pack .shp, .shx, .dbf and .prj together",
    ),
    "shapefile-corrupt": (
        422,
        "Shapefile 的 {value} 已损坏或不完整：请在 QGIS 或 ArcGIS 里重新导出",
        "the {value} of the Shapefile is damaged or not complete: export it anew in QGIS or ArcGIS",
    ),
    "count-mismatch": (
        422,
        ".shp 有 {value} 行，.dbf 有 {other} 行：数目应相同，请重新导出",
        "the .shp holds {value} rows and the .dbf {other}: they should be as many, export it anew",
    ),
    "crs-missing": (
        422,
        "没有 {value}，文件没有说明坐标系：请选择实际使用的坐标系",
        "there is no {value}, so the file does not say its coordinate system: choose the one it is in",
    ),
    "gpkg-corrupt": (
        422,
        "GeoPackage 已损坏或不完整：请重新导出或重新下载",
        "the GeoPackage is damaged or not complete: export or fetch it anew",
    ),
    "gpkg-view": (
        422,
        "图层“{value}”是视图，不会运行它：请在 QGIS 里把它导出为普通图层",
        "the layer '{value}' is a view, which is never run: export it as a plain layer in QGIS",
    ),
    "layer-name": (
        422,
        "图层名“{value}”含有不允许的字符",
        "the layer name '{value}' holds characters that are not allowed",
    ),
    "no-vector-layer": (
        415,
        "GeoPackage 里没有矢量图层",
        "the GeoPackage holds no vector layer",
    ),
    "archive-corrupt": (422, "压缩内容已损坏（{value}）", "what is packed inside is damaged ({value})"),
    "archive-overlap": (
        413,
        "压缩包内的文件相互重叠：多半是有害的",
        "the files inside the archive overlap, which means harm",
    ),
    "archive-duplicate": (
        422,
        "压缩包里“{value}”出现了两次：请只留一个",
        "'{value}' stands twice in the archive: keep one",
    ),
    "archive-symlink": (
        422,
        "压缩包里“{value}”是符号链接：请放入文件本身",
        "'{value}' in the archive is a symbolic link: put in the file itself",
    ),
    "archive-member": (
        415,
        "压缩包里的“{value}”不属于这种数据：请只打包数据文件",
        "'{value}' in the archive does not belong to such data: pack the data files alone",
    ),
    "nested-archive": (
        415,
        "压缩包里又有压缩包（{value}）：请解开后重新打包",
        "the archive holds another archive ({value}): unpack it and pack anew",
    ),
    "archive-encrypted": (
        415,
        "文件有密码保护：请去掉密码再上传",
        "the file is protected by a password: take it off first",
    ),
    "archive-path": (
        422,
        "压缩包内的路径不安全（{value}）",
        "a path inside the archive is not safe ({value})",
    ),
    "xml-syntax": (
        422,
        "文本第 {line} 行第 {column} 列的 XML 有语法错误，或文件不完整",
        "the XML has a fault of syntax at line {line} of the text, column {column}, or is not complete",
    ),
    "xml-syntax/root": (
        422,
        "这不是 KML：最外层是 {value}",
        "this is no KML: its outermost element is {value}",
    ),
    "xml-depth": (413, "XML 嵌套超过 {limit} 层", "the XML is nested more than {limit} deep"),
    "network-link": (
        422,
        "文件引用了网络上的另一个文件（NetworkLink），不会打开它：请把数据本身存成文件",
        "the file leads to another on the network (NetworkLink), which is never opened: save the data itself",
    ),
    "no-kml": (415, "KMZ 里没有 .kml 文件", "the KMZ holds no .kml"),
    "xml-doctype": (
        422,
        "文件内的 XML 带有 DOCTYPE，可能有害",
        "an XML inside holds a DOCTYPE, which may do harm",
    ),
    "too-large": (413, "文件超过 {limit} 字节", "the file is larger than {limit} bytes"),
    "json-depth": (413, "JSON 嵌套超过 {limit} 层", "the JSON is nested more than {limit} deep"),
    "geometry-depth": (
        413,
        "几何集合里又有几何集合：请拆开",
        "a collection of geometries holds another: take them apart",
    ),
    "features": (413, "超过 {limit} 行：请分成几个文件", "more than {limit} rows: split the file"),
    "vertices": (
        413,
        "顶点超过 {limit} 个：请简化或拆分",
        "more than {limit} vertices: simplify or split",
    ),
    "keys": (413, "列超过 {limit} 个", "more than {limit} columns"),
    "key-length": (413, "列名超过 {limit} 个字符", "a column name is longer than {limit} characters"),
    "value-length": (
        413,
        "“{field}”的值超过 {limit} 个字符",
        "a value of '{field}' is longer than {limit} characters",
    ),
    "value-depth": (
        413,
        "“{field}”的值嵌套超过 {limit} 层",
        "a value of '{field}' is nested more than {limit} deep",
    ),
    "entries": (413, "压缩包内的文件超过 {limit} 个", "the archive holds more than {limit} files"),
    "expanded": (413, "解压后超过限度（{limit}）", "unpacked it is larger than allowed ({limit})"),
}
