"""What is found in a ledger and not understood, with its words: part of the catalogue of `geodata.issues`."""

from __future__ import annotations

from geodata.told import Severity

# code: (severity, Chinese, English); braces are filled from the issue's values.
LEDGER_ISSUES: dict[str, tuple[Severity, str, str]] = {
    "ledger-formula": (
        "warn",
        "“{value}”一列的 {field} 是没有算出值的公式：没有读；请在 Excel 里打开、保存后再上传",
        "{field} in the column '{value}' is a formula without a value and was not read: open and save it in"
        " Excel",
    ),
    "ledger-no-name": (
        "warn",
        "第 {row} 行没有项目名称：没有读",
        "row {row} names no project and was not read",
    ),
    "ledger-unknown-project": (
        "warn",
        "第 {row} 行：没有叫“{value}”的项目，这一行没有读。{offers_zh}",
        "row {row}: no project is called '{value}', the row was not read. {offers_en}",
    ),
    "ledger-ambiguous-project": (
        "warn",
        "第 {row} 行：“{value}”可能是几个项目，这一行没有读。"
        "请在“项目编号”一列写上其中一个的编号：{offers_zh}",
        "row {row}: '{value}' may be several projects, the row was not read. Write the id of one in a column"
        " 'project code': {offers_en}",
    ),
    "ledger-date": (
        "warn",
        "第 {row} 行“{field}”：“{value}”没有读成日期：{reason_zh}",
        "row {row}, '{field}': no date was read in '{value}': {reason_en}",
    ),
    "ledger-year": (
        "warn",
        "“{value}”没有写年份，按台账的 {year} 年理解",
        "'{value}' names no year and is taken as of {year}, the year of the ledger",
    ),
    "ledger-no-milestone": (
        "warn",
        "第 {row} 行“{field}”：类别“{kind}”没有与“{value}”相当的节点，没有读",
        "row {row}, '{field}': the kind '{kind}' has no milestone for '{value}'; it was not read",
    ),
    "ledger-amount": (
        "warn",
        "第 {row} 行“{field}”：“{value}”不是一个数额，没有读",
        "row {row}, '{field}': '{value}' is no amount and was not read",
    ),
    "ledger-no-unit": (
        "warn",
        "第 {row} 行“{field}”：“{value}”没有说是亿元还是万元，没有读；请写在表头、单元格或“单位：”一行",
        "row {row}, '{field}': '{value}' does not say whether it is in 100 million or in 10,000 yuan and was"
        " not read; write the unit in the header, the cell or a line above the table",
    ),
    "ledger-no-field": (
        "warn",
        "第 {row} 行“{field}”：类别“{kind}”没有这一项，没有读",
        "row {row}, '{field}': the kind '{kind}' has no such field; it was not read",
    ),
    "ledger-column": (
        "warn",
        "“{value}”一列没有读",
        "the column '{value}' was not read",
    ),
    "ledger-column-twice": (
        "warn",
        "“{value}”一列没有读：“{other}”已说的是同一件事",
        "the column '{value}' was not read: '{other}' says the same thing",
    ),
    "ledger-sums": (
        "warn",
        "合计、小计或分节的行没有读：第 {rows} 行",
        "rows of sums and headings were not read: {rows}",
    ),
    "ledger-milestone": (
        "warn",
        "“{field}”没有说是哪个节点的，类别“{kind}”按“{value_zh}”理解",
        "'{field}' does not say of which milestone it is; of the kind '{kind}' it is taken as '{value_en}'",
    ),
    "ledger-words-public": (
        "warn",
        "这些列的原话发布后人人可见：{columns}。请确认可以公开",
        "what stands in these columns will be public in its own words: {columns}; confirm that it may be",
    ),
    "ledger-nothing": (
        "block",
        "没有一行能对上已公开的项目：没有保存任何内容",
        "no row is of a public project: nothing was stored",
    ),
}
