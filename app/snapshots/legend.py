"""What stands beside the map of a snapshot: its words, its legend, what it was filtered by, and its style."""

from __future__ import annotations

import html

from app.snapshots.sheet import Sheet
from app.vocabulary import PHASE_WORDS
from geodata.kinds import load_kinds
from geodata.phases import PHASES

# Dashes say the phase, as on the map page: dotted proposed, dashed planned, solid in service.
DASHES = {
    "unknown": "1 5",
    "proposed": "1 8",
    "planned": "9 6",
    "preparing": "16 5",
    "building": "4 4",
    "completing": "12 3",
    "closed": "2 10",
    "cancelled": "1 4 1 14",
}
PROMISED = "3 2"
TEXT = {
    "zh": {
        "title": "{area}：{day} 的项目",
        "promise": "（承诺，尚非事实）",
        "schematic": "示意",
        "phases": "阶段",
        "promised": "承诺，尚非事实",
        "kinds": "类别",
        "filtered": "经过筛选，不是全部项目",
        "only-phases": "只含这些阶段：{names}",
        "only-kinds": "只含这些类别：{names}",
        "pale": "淡而宽：示意，不可量算",
        "north": "北",
        "unlocated": "不在图上：{n} 个项目没有可信的位置",
        "known": "截至 {known} 已说出的",
        "note": "示意图形的位置和形状由文字推得，不可量算。",
        "made": "版本 {revision}，{today} 制作",
    },
    "en": {
        "title": "{area}: projects on {day}",
        "promise": " (promised, not a fact)",
        "schematic": "schematic",
        "phases": "Phases",
        "promised": "Promised, not a fact",
        "kinds": "Kinds",
        "filtered": "Filtered: not all projects",
        "only-phases": "Only in these phases: {names}",
        "only-kinds": "Only of these kinds: {names}",
        "pale": "pale and broad: schematic, not to be measured",
        "north": "N",
        "unlocated": "Not on the map: {n} projects have no place to be trusted",
        "known": "as said by {known}",
        "note": "Place and shape of schematic things are drawn from words and must not be measured.",
        "made": "Revision {revision}, made on {today}",
    },
}


def words_of(sheet: Sheet, key: str, **values: object) -> str:
    return TEXT[sheet.lang][key].format(**values)


def safe(text: object) -> str:
    """Text that stays text in innerHTML, in a script and in a template literal."""
    escaped = html.escape(str(text), quote=True)
    return escaped.replace("\\", "&#92;").replace("`", "&#96;").replace("$", "&#36;").replace("{", "&#123;")


STYLE = """
html,body{margin:0;height:100%;color:#13201c;
font:13px/1.5 -apple-system,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
.folium-map{position:absolute!important;inset:0 300px 0 0!important;height:auto!important;
width:auto!important;background:#dadfd7}
.leaflet-tooltip.name{padding:0 5px;border:1px solid #42504a;box-shadow:none;color:#13201c}
.leaflet-tooltip.name::before{display:none}.name small{color:#5f6c66}
.leaflet-tooltip.stop{border:0;padding:0 3px;background:#ffffffb8;font-size:11px}
.leaflet-control-scale-line:not(:first-child){display:none}
.leaflet-control-scale-line{font-size:11px;color:#13201c;background:#ffffffcc}
.north{position:absolute;top:10px;right:312px;z-index:500;font-weight:700;text-align:center;line-height:1.1}
.north svg{display:block;margin:0 auto}
.sheet{position:absolute;top:0;right:0;bottom:0;width:268px;padding:16px;overflow:auto;
background:#fff}
.sheet h1{font-size:18px;line-height:1.25;margin:0 0 4px}.sheet h2{font-size:13px;margin:16px 0 4px}
.sheet ul{list-style:none;margin:0;padding:0}.sheet li{display:flex;gap:8px;align-items:center}
.sheet p{margin:4px 0;color:#42504a}.filtered{margin:10px 0;padding:6px 10px;border:2px solid #13201c}
.sheet svg{flex:none}.sheet .names li{display:block}
@media(max-width:700px){.north{right:12px}.leaflet-tooltip.name{padding:0 2px;font-size:9px}
.folium-map{inset:0 0 40% 0!important}
.sheet{top:60%;width:auto;left:0}}
"""


def north_arrow(sheet: Sheet) -> str:
    """The map is drawn with north at the top and cannot be turned."""
    return (
        f'<div class="north">{safe(words_of(sheet, "north"))}'
        '<svg width="18" height="26" viewBox="0 0 26 38"><path d="M13 2l8 34-8-7z" fill="#13201c"/>'
        '<path d="M13 2L5 36l8-7z" fill="none" stroke="#13201c"/></svg></div>'
    )


def _filtered(sheet: Sheet) -> str:
    """That only a selection is shown, and which."""
    chosen = 1 if sheet.lang == "en" else 0
    between = ", " if chosen else "、"
    kinds = load_kinds()
    asked = {
        "only-phases": [PHASE_WORDS[phase][chosen] for phase in sheet.phases],
        "only-kinds": [(kinds[kind].name_zh, kinds[kind].name_en)[chosen] for kind in sheet.kinds],
    }
    said = "".join(
        f"<p>{safe(words_of(sheet, key, names=between.join(names)))}</p>"
        for key, names in asked.items()
        if names
    )
    return f'<div class="filtered"><b>{safe(words_of(sheet, "filtered"))}</b>{said}</div>' if said else ""


def legend(sheet: Sheet, title: str) -> str:
    chosen = 1 if sheet.lang == "en" else 0
    kinds = load_kinds()
    shown = {f["properties"]["kind"]: kinds[f["properties"]["kind"]] for f in sheet.features}
    absent = [f["properties"] for f in sheet.features if f["geometry"] is None]
    phases = "".join(
        f"<li>{_swatch(DASHES.get(phase))}<span>{safe(PHASE_WORDS[phase][chosen])}</span></li>"
        # What nobody stated comes last: it is an absence, not a stage.
        for phase in (*PHASES[1:], PHASES[0])
    )
    promised = f"<li>{_swatch(PROMISED)}<span>{safe(words_of(sheet, 'promised'))}</span></li>"
    pale = f"<li>{_swatch(None, pale=True)}<span>{safe(words_of(sheet, 'pale'))}</span></li>"
    hues = "".join(
        f'<li><svg width="14" height="14"><circle cx="7" cy="7" r="6" fill="{kind.style.light}"/></svg>'
        f"<span>{safe((kind.name_zh, kind.name_en)[chosen])}</span></li>"
        for kind in shown.values()
    )
    names = "".join(f"<li>{safe(p['name_en'] if chosen else p['name_zh'])}</li>" for p in absent)
    credit_lines = "".join(f"<p>{safe(c['en' if chosen else 'zh'])}</p>" for c in sheet.area["credits"])
    known = safe(words_of(sheet, "known", known=sheet.known))
    made = safe(words_of(sheet, "made", revision=sheet.area["revision"], today=sheet.today))
    return (
        f'<div class="sheet"><h1>{safe(title)}</h1><p>{known}</p>{_filtered(sheet)}'
        f"<h2>{safe(words_of(sheet, 'phases'))}</h2><ul>{phases}{promised}{pale}</ul>"
        f"<h2>{safe(words_of(sheet, 'kinds'))}</h2><ul>{hues}</ul>"
        f"<p>{safe(words_of(sheet, 'note'))}</p>"
        f'<h2>{safe(words_of(sheet, "unlocated", n=len(absent)))}</h2><ul class="names">{names}</ul>'
        f"<h2>{made}</h2>{credit_lines}</div>"
    )


def _swatch(dash: str | None, pale: bool = False) -> str:
    weight = '7" stroke-opacity="0.45' if pale else "4"
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        '<svg width="34" height="12"><line x1="1" x2="33" y1="6" y2="6" stroke="#13201c"'
        f' stroke-width="{weight}"{dashed}/></svg>'
    )
