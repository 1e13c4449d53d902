/** The words of the upload page on answers: those of last time, who publishes, whether a system is assumed, remarks. */
import type { AnswersText } from "./answers-zh";

export const answersEn: AnswersText = {
  before: {
    title: (day, file) => `As last time (${day}, ${file})`,
    use: "Take the answers of last time",
    hint: "What the columns are, units, words of the status, precision and coordinates are as they were then, and not asked again. Where the columns differ nothing is taken, and the check says so.",
    what: "See the answers of last time",
    column: (field, target, unit) => (unit ? `${field} → ${target} (${unit})` : `${field} → ${target}`),
    word: (word, phase) => `“${word}” means ${phase}`,
    system: (names) => `Coordinates: ${names}`,
    precision: (name) => `Places: ${name}`,
    look: "See or change the columns",
    anew: "Not these: recognise it anew",
  },
  source: {
    publisher: "Published by",
    publisherHint:
      "Who publishes these data: shown to everybody with the source; empty means the name of the dataset",
    tier: "Kind of source",
    tierChoose: "Choose the kind of source…",
    tierHint: "Shown to everybody; where claims contradict, official ones go first",
    term: "Source",
    already: "A source of this dataset and day is public already, and stays as it is",
  },
  crs: {
    title: "The coordinate system is assumed",
    lede: "The file names none, so it was read as WGS84. Coordinates from Chinese map software are often shifted (some 500 m): look at the map, then choose.",
    right: "They are WGS84 or CGCS2000",
    shifted: { "GCJ-02": "They are GCJ-02 (Amap, Tencent)", "BD-09": "They are BD-09 (Baidu)" },
    said: (datum) => `${datum} · as you chose`,
  },
  remark: {
    publish: (field) => `Make “${field}” public`,
    keep: (field) => `Keep “${field}” private`,
  },
};
