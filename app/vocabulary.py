"""The words of phases, commitments, precisions, lights and tiers, each with a sentence that explains it."""

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
        "没有来源说明它处在什么阶段。",
        "No source says in which phase it is.",
    ),
    "proposed": ("谋划", "Proposed", "有人提出，尚未列入任何计划。", "Put forward, in no plan yet."),
    "planned": ("已列规划", "Planned", "已列入规划或计划。", "Listed in a plan."),
    "preparing": (
        "前期",
        "Preparing",
        "正在做审批、征拆、供地等开工前的工作。",
        "Approvals, clearance and land before works start.",
    ),
    "building": ("在建", "Building", "已开工，正在建设。", "Works have started."),
    "completing": (
        "收尾验收",
        "Completing",
        "主体完成，正在验收、调试或移交。",
        "Built; being accepted, tested or handed over.",
    ),
    "in_service": ("已投用", "In service", "已经开通、交付或投入使用。", "Open, delivered or in use."),
    "closed": ("停用", "Closed", "曾经投用，后来停用。", "Was in service and is closed."),
    "cancelled": ("终止", "Cancelled", "项目已终止。", "The project was given up."),
}
COMMITMENT_WORDS: dict[str, Words] = {
    "explored": ("探索", "explored", "只说在探索。", "Only said to be explored."),
    "aspired": ("力争", "aspired to", "说力争做到，不是承诺。", "Striven for; not a promise."),
    "pursued": ("推动", "pursued", "说正在推动。", "Said to be pushed forward."),
    "expected": ("预计", "expected", "说预计、计划或将要。", "Said to be expected or planned."),
    "committed": ("确保", "committed", "明确承诺了时间。", "Firmly committed to."),
    "done": ("已是事实", "stated as fact", "说已经发生。", "Said to have happened."),
}
PRECISION_WORDS: dict[str, Words] = {
    "surveyed": ("实测", "surveyed", "由测量得到，可以量算。", "Surveyed; may be measured."),
    "digitised": (
        "数字化",
        "digitised",
        "由公开地图描绘，误差约数米。",
        "Traced from public maps, a few metres off.",
    ),
    "approximate": (
        "近似",
        "approximate",
        "由其他资料推得，误差约 20 至 150 米，不作量算。",
        "Derived from other data, 20 to 150 m off; not measured.",
    ),
    "schematic": (
        "示意",
        "schematic",
        "没有来源给出坐标或红线；位置和形状由文字推得，不可量算。",
        "No source gives coordinates; place and shape are drawn from words and must not be measured.",
    ),
    "unlocated": (
        "未定位",
        "not located",
        "没有可信的位置，列在图旁。",
        "There is no place to be trusted; it is listed beside the map.",
    ),
}
LIGHT_WORDS: dict[str, Words] = {
    "grey": ("无计划日期", "no dated promise", "没有仍然有效的、带日期的承诺。", "No dated promise is open."),
    "green": (
        "未到期或按期",
        "not yet due, or kept",
        "承诺的日期还没有过，或已按期做到。",
        "The promised date is not past, or was kept.",
    ),
    "silent": (
        "到期后未见消息",
        "nothing heard since due",
        "承诺的日期已过，没有来源再提及；不能断定逾期。",
        "The promised date has passed and no source has spoken since; that proves nothing.",
    ),
    "amber": (
        "至少晚 30 天",
        "at least 30 days late",
        "有来源证明至少晚了 30 天。",
        "A source proves it at least 30 days late.",
    ),
    "red": (
        "至少晚 90 天",
        "at least 90 days late",
        "有来源证明至少晚了 90 天。",
        "A source proves it at least 90 days late.",
    ),
}
TIER_WORDS: dict[str, Words] = {
    "official": ("官方", "official", "政府部门或官方机构所说。", "Said by a public authority."),
    "press": ("报道", "press", "媒体报道所说。", "Said by the press."),
    "web": ("网络", "web", "百科、网文等网络资料所说。", "Said on the web, by encyclopedias and the like."),
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
