"""The words of phases, commitments, precisions, lights and tiers, each with a sentence that explains it.

The name is the term of the trade; the sentence is for a reader who does not know it: what it means to them,
and how sure it is.
"""

from __future__ import annotations

from geodata.geometry import PRECISIONS
from geodata.lights import LIGHTS
from geodata.phases import COMMITMENTS, PHASES, TIERS

Words = tuple[str, str, str, str]
"""Chinese name, English name, Chinese sentence, English sentence."""

PHASE_WORDS: dict[str, Words] = {
    "unknown": (
        "未说明",
        "Not stated",
        "没有来源说过它到了哪一步；这不等于没有进展。",
        "No source has said how far it is; that does not mean that nothing happens.",
    ),
    "proposed": (
        "谋划",
        "Proposed",
        "有人提出要做，还没有列入任何计划，也可能不做。",
        "Somebody has put it forward; it is in no plan yet and may never come.",
    ),
    "planned": (
        "已列规划",
        "Planned",
        "已经列入规划或计划，开工之前还有审批、用地等步骤。",
        "It is listed in a plan; permits and land still come before any works.",
    ),
    "preparing": (
        "前期",
        "Preparing",
        "正在办开工前的事，例如审批、拆迁、用地；还没有动工。",
        "Permits, clearing and land are being settled; works have not started.",
    ),
    "building": ("在建", "Building", "已经动工，还没有建完。", "Works have started and are not finished."),
    "completing": (
        "收尾验收",
        "Completing",
        "主要的活已经干完，正在验收、调试或移交，一般还不能使用。",
        "The main work is done; it is being checked, tested or handed over, and is mostly not in use yet.",
    ),
    "in_service": (
        "已投用",
        "In service",
        "事情办成了：已经开通、交付或投入使用。",
        "It is there: open, handed over or in use.",
    ),
    "closed": ("停用", "Closed", "以前用过，后来停用了。", "It was in use and has been closed."),
    "cancelled": ("终止", "Cancelled", "已经决定不做了。", "It was decided not to go on with it."),
}
BASIS_WORDS: dict[str, tuple[str, str]] = {
    "fact": ("已有事实", "what happened"),
    "promise": ("承诺，尚非事实", "a promise, not a fact"),
    "none": ("", ""),
}
COMMITMENT_WORDS: dict[str, Words] = {
    "explored": (
        "探索",
        "explored",
        "来源只说在研究、在尝试，离承诺还很远。",
        "The source only says that it is being looked into; that is far from a promise.",
    ),
    "aspired": (
        "力争",
        "aspired to",
        "来源说“力争”，是希望做到，不是承诺。",
        "The source strives for it: a hope, not a promise.",
    ),
    "pursued": (
        "推动",
        "pursued",
        "来源说正在推动，没有说一定做成。",
        "The source says that it is being pushed forward, not that it will succeed.",
    ),
    "expected": (
        "预计",
        "expected",
        "来源说预计、计划或将要，是当时的打算，以后可能会变。",
        "The source expects or plans it: what was intended then, and may change.",
    ),
    "committed": (
        "确保",
        "committed",
        "来源说“确保”做到，或说定了年内做到；这是承诺，到时可以对照。",
        "The source firmly promises it; when the time comes it can be held to that.",
    ),
    "done": (
        "已是事实",
        "stated as fact",
        "来源说已经发生；有多可信，要看是谁说的。",
        "The source says that it has happened; how sure that is depends on who says it.",
    ),
}
PRECISION_WORDS: dict[str, Words] = {
    "surveyed": (
        "实测",
        "surveyed",
        "到现场测量过，位置和大小可以量算。",
        "Measured on the ground; place and size may be measured on the map.",
    ),
    "digitised": (
        "数字化",
        "digitised",
        "照公开的地图描出来的，或在本图上手工画、改、分割的，误差约数米，不是法定界线。",
        "Traced from public maps, or drawn, moved or cut by hand on this one: a few metres off; it is no "
        "legal boundary.",
    ),
    "approximate": (
        "近似",
        "approximate",
        "由其他资料推算出来，可能偏 20 至 150 米；看个大概可以，不能用来量距离和面积。",
        "Worked out from other data, 20 to 150 m off: good for a rough idea, not for measuring.",
    ),
    "schematic": (
        "示意",
        "schematic",
        "没有来源公布坐标或红线，只是按文字画出大概；真实的位置和形状可能不同，不能用来量。",
        "No source gives coordinates or a boundary, so it is drawn from words: the real place and shape may "
        "differ, and it must not be measured.",
    ),
    "unlocated": (
        "未定位",
        "not located",
        "没有来源说清楚它在哪里，所以不画，只列在图旁。",
        "No source says clearly where it is, so it is not drawn but listed beside the map.",
    ),
}
LIGHT_WORDS: dict[str, Words] = {
    "grey": (
        "无计划日期",
        "no dated promise",
        "现在没有带日期的承诺可以对照，所以看不出是快是慢。",
        "There is no promise with a date to hold it to, so nobody can say whether it is on time.",
    ),
    "green": (
        "未到期或按期",
        "not yet due, or kept",
        "承诺的日期还没有过，或者已经按期做到。",
        "The promised date has not passed yet, or the promise was kept in time.",
    ),
    "silent": (
        "到期后未见消息",
        "nothing heard since due",
        "承诺的日期过了，之后没有来源再说起；可能做到了，也可能晚了，不能断定。",
        "The promised date has passed and no source has spoken since: done or late, nobody can tell.",
    ),
    "amber": (
        "至少晚 30 天",
        "at least 30 days late",
        "有来源证明，比承诺的日期至少晚了 30 天，实际可能更晚。",
        "A source proves that it is at least 30 days behind the promised date, perhaps more.",
    ),
    "red": (
        "至少晚 90 天",
        "at least 90 days late",
        "有来源证明，比承诺的日期至少晚了 90 天，实际可能更晚。",
        "A source proves that it is at least 90 days behind the promised date, perhaps more.",
    ),
}
TIER_WORDS: dict[str, Words] = {
    "official": (
        "官方",
        "official",
        "政府部门或官方机构自己说的。",
        "Said by a government office or a public body itself.",
    ),
    "press": (
        "报道",
        "press",
        "报纸、电视或新闻网站报道的，往往转述了别人的话。",
        "Reported by newspapers, television or news sites, often passing on what others said.",
    ),
    "web": (
        "网络",
        "web",
        "百科、论坛、个人文章等网上资料说的，最需要再核实。",
        "Found on the web, in encyclopedias, forums or private pages; the least certain.",
    ),
}


# Units as sources state them, for English readers.
UNITS_EN = {
    "亿元": "× CNY 100 million",
    "万平方米": "× 10,000 m²",
    "万TEU": "× 10,000 TEU",
    "万人": "× 10,000 people",
    "座": "stations",
    "家": "enterprises",
    "家次": "visits",
    "个": "items",
    "条": "items",
    "场": "events",
    "所": "schools",
    "项": "tasks",
    "套": "homes",
    "km2": "km²",
}


def unit_en(unit: str) -> str:
    """A unit as an English reader knows it; the international ones stay."""
    return UNITS_EN.get(unit, unit)


def entries(names: tuple[str, ...], words: dict[str, Words], first_code: int = 0) -> list[dict[str, object]]:
    """A vocabulary for the catalogue, in the order of `names`."""
    return [
        {
            "code": code,
            "id": name,
            "name_zh": words[name][0],
            "name_en": words[name][1],
            "explain_zh": words[name][2],
            "explain_en": words[name][3],
        }
        for code, name in enumerate(names, start=first_code)
    ]


def all_vocabularies() -> dict[str, list[dict[str, object]]]:
    return {
        "phases": entries(PHASES, PHASE_WORDS),
        "commitments": entries(COMMITMENTS, COMMITMENT_WORDS, 1),
        "precisions": entries(PRECISIONS, PRECISION_WORDS),
        "lights": entries(LIGHTS, LIGHT_WORDS),
        "tiers": entries(TIERS, TIER_WORDS, 1),
    }
