/**
 * What the drawing of a project needs beyond its phase, found out once for all projects together:
 * who shares a place with whom, who is a station, which name is short enough for a label.
 */
import { boundsOf, geometryKey, middleOf, type Position, roughMetres, shapeOf } from "../data/geometry";
import type { Form, GroupId, KindInfo, Project } from "../data/types";
import { PHASE_IDS } from "../phases";

export interface Trait {
  form: Form;
  group: GroupId;
  hue: string;
  glyph: string;
  /** Higher is drawn later, on top: within areas, lines and symbols each. */
  layer: number;
  width: number;
  tracked: boolean;
  /** In use it is drawn with ties, as a railway. */
  rails: boolean;
  /** A line without a colour of its own that was drawn from words: thinner and paler than what is known. */
  quiet: boolean;
  /** Drawn on both sides of another project that has the same geometry. */
  flanks: boolean;
  /** Another project runs along both its sides. */
  flanked: boolean;
  station: boolean;
  ringRadius: number;
  /** Several stations meet here; one that was measured carries the big name. */
  hub: boolean;
  /** A line's own number, as on its trains; empty for what has none. */
  number: string;
  /** A long road: drawn broad and named early. */
  trunk: boolean;
}

export interface Subject {
  project: Project;
  kind: KindInfo;
  hue: string;
}

const TRUNK_METRES = 2500;
/** Stations nearer than this are one interchange. */
const HUB_METRES = 450;
const DEFAULT_WIDTH = 5;

const isPoint = (project: Project): boolean => shapeOf(project.geometry!) === "point";
const isStation = ({ project, kind }: Subject): boolean => kind.style.form === "station" && isPoint(project);

function extentMetres(project: Project): number {
  const [west, south, east, north] = boundsOf(project.geometry!);
  return roughMetres([west, south], [east, north]);
}

const isQuiet = ({ project, kind }: Pick<Subject, "project" | "kind">): boolean =>
  kind.style.form === "line" && !kind.style.by && project.properties.precision === "schematic";

function widthOf({ project, kind }: Subject, trunk: boolean): number {
  const { form, width = DEFAULT_WIDTH, by } = kind.style;
  if (form === "road") return trunk ? width * 1.5 : width;
  if (form === "rail") return Math.max(width, 3);
  if (form !== "line") return width;
  // A line with a colour of its own is what people look for; the others stay quieter.
  if (isQuiet({ project, kind })) return width * 0.45;
  const own = by ? width : width * 0.76;
  return project.properties.precision === "schematic" ? own * 0.8 : own;
}

/** Large areas lie under small ones; lines with a colour of their own over railways over roads. */
function layerOf({ project, kind }: Subject): number {
  const shape = shapeOf(project.geometry!);
  if (shape === "area") return -extentMetres(project);
  if (shape === "point") return kind.style.form === "station" ? 1 : 0;
  const { form, by } = kind.style;
  const rank = form === "road" ? 0 : form === "rail" ? 2 : by ? 6 : 4;
  return project.properties.precision === "schematic" ? rank : rank + 1;
}

/** The value that gives a line its colour is the one it is known by. */
function numberOf({ project, kind }: Subject): string {
  const { form, by } = kind.style;
  return form === "line" && by ? String(project.properties.attrs?.[by] ?? "") : "";
}

function plain(subject: Subject): Trait {
  const { project, kind, hue } = subject;
  const trunk = kind.style.form === "road" && extentMetres(project) > TRUNK_METRES;
  return {
    form: kind.style.form,
    group: kind.group,
    hue,
    glyph: kind.style.glyph,
    layer: layerOf(subject),
    width: widthOf(subject, trunk),
    tracked: kind.tracked,
    // Of the lines, those with a colour of their own are metro-like; the others are railways.
    rails: kind.style.form === "rail" || (kind.style.form === "line" && !kind.style.by),
    quiet: isQuiet(subject) && !isPoint(project),
    flanks: false,
    flanked: false,
    station: isStation(subject),
    ringRadius: 4.5,
    hub: false,
    number: numberOf(subject),
    trunk,
  };
}

const phaseRank = (project: Project): number => PHASE_IDS.indexOf(project.properties.phase ?? "unknown");

/** Of the projects on one and the same line or plot, the furthest advanced is the thing, the others flank it. */
function markShared(subjects: Subject[], traits: Map<string, Trait>): void {
  const groups = new Map<string, Subject[]>();
  for (const subject of subjects) {
    if (isPoint(subject.project)) continue;
    const key = geometryKey(subject.project.geometry!);
    groups.set(key, [...(groups.get(key) ?? []), subject]);
  }
  for (const same of groups.values()) {
    if (same.length < 2) continue;
    const [base, ...others] = [...same].sort((a, b) => phaseRank(b.project) - phaseRank(a.project));
    traits.get(base.project.id)!.flanked = true;
    for (const other of others) {
      const trait = traits.get(other.project.id)!;
      trait.flanks = true;
      trait.width = traits.get(base.project.id)!.width;
    }
  }
}

/** Stations near one another are one interchange; those that were measured carry its name. */
function markHubs(subjects: Subject[], traits: Map<string, Trait>): void {
  const stations = subjects.filter(isStation);
  const at = (subject: Subject): Position => middleOf(subject.project.geometry!);
  for (const station of stations) {
    if (station.project.properties.precision === "schematic") continue;
    const near = stations.some(
      (other) => other !== station && roughMetres(at(station), at(other)) <= HUB_METRES,
    );
    if (near) Object.assign(traits.get(station.project.id)!, { hub: true, ringRadius: 5.5 });
  }
}

/** The traits of every located project, by id. */
export function traitsOf(subjects: Subject[]): Map<string, Trait> {
  const traits = new Map(subjects.map((subject) => [subject.project.id, plain(subject)]));
  markShared(subjects, traits);
  markHubs(subjects, traits);
  return traits;
}

const LONG_ZH = 7;
const LONG_EN = 24;
const HAN = /\p{Script=Han}/u;
const withoutBrackets = (text: string): string => text.replace(/\s*[（(][^）)]*[）)]/g, "").trim();

function shortZh(project: Project): string {
  const { name_zh, aliases } = project.properties;
  const name = withoutBrackets(name_zh) || name_zh;
  if (name.length <= LONG_ZH) return name;
  const shorter = aliases.filter(
    (alias) => HAN.test(alias) && alias.length >= 4 && alias.length < name.length,
  );
  return shorter.sort((a, b) => a.length - b.length)[0] ?? name;
}

function shortEn(project: Project): string {
  const { name_en, name_zh } = project.properties;
  const name = withoutBrackets(name_en) || name_en || name_zh;
  const beforeComma = name.split(/, | – /)[0].trim();
  const cut = name.length > LONG_EN && beforeComma.length > 8 ? beforeComma : name;
  return cut.replace(/ Project$/, "");
}

/** Names for labels, by id: short where that stays clear, whole where two distant projects would share it. */
export function labelNames(projects: Project[], lang: "zh" | "en"): Map<string, string> {
  const short = new Map(projects.map((one) => [one.id, lang === "zh" ? shortZh(one) : shortEn(one)]));
  const whole = (one: Project): string => {
    const { name_zh, name_en } = one.properties;
    return lang === "zh" ? name_zh || name_en : name_en || name_zh;
  };
  const clash = (one: Project): boolean =>
    projects.some(
      (other) =>
        other !== one &&
        (whole(other).startsWith(short.get(one.id)!) || short.get(other.id) === short.get(one.id)) &&
        !(isPoint(one) && roughMetres(middleOf(other.geometry!), middleOf(one.geometry!)) < HUB_METRES),
    );
  return new Map(projects.map((one) => [one.id, clash(one) ? whole(one) : short.get(one.id)!]));
}
