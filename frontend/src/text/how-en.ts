/** The words of the page that tells how the chart knows what it says, in English. */
import type { HowText } from "./how-zh";

const plural = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

export const howEn: HowText = {
  title: "How we know",
  lede: "Everything on this chart was said by somebody. Who said it, on which day and in which words can be looked up. Where nobody has said anything, we do not guess.",
  contents: "On this page",
  toMap: "Back to the map",
  failed: "The sources did not come",
  more: (n) => `${n} more are not listed here.`,
  asOf: (date, revision) => `Numbers as of ${date}, revision ${revision}.`,
  figures: {
    sources: "sources",
    claims: "statements",
    verbatim: "in the source's own words",
    projects: "projects",
  },
  parts: {
    know: "How something gets on the chart",
    sources: "Sources",
    schematic: "What is only schematic",
    unknown: "What nobody has said yet",
    words: "What these words mean",
    licences: "Licences and credits",
    report: "If something is wrong",
    data: "Take the data with you",
  },
  know: {
    claim: "Everything is a statement",
    claimSaid: (all, verbatim, summed) =>
      `Nobody has filled in a "status" here. Whether works have started, or when a line opens, comes from statements: a source said something, on a day, in certain words. There are ${all} of them: ${verbatim} quote the source, ${summed} are our summary, which never stands in quotation marks. Where sources differ, the more official one is taken, then the more exact, then the later; the other one stays beside it.`,
    times: "Four dates, kept apart",
    timesSaid: (undated) =>
      `The day of the thing itself, the day a source spoke of it, the revision in which we published it, and today: these four are never mixed. So you can look back at how a day was, and also at what people knew by then. ${undated} statements come from sources that bear no date; they count as known only from the day we read them, and never as fresh news.`,
    promise: "A promise is not a fact",
    promiseSaid: (done, other) =>
      `${done} statements speak of what has happened, the other ${other} of what is intended, hoped for or promised. To explore, to strive, to expect and to commit weigh differently, and each is shown as the source put it; on the map promises are hollow. When its day comes, a promise does not turn into a fact by itself: a source has to say that it was kept.`,
    nobody: "Where nobody spoke, we say so",
    nobodySaid:
      '"Not stated" means that no source has told how far something is, not that nothing happens. "Nothing heard since due" means that the promised date has passed and no source has spoken since: it may long be done, or it may be late. We call something late only where a source proves it, and then only "at least so many days".',
  },
  sources: {
    lede: "In three groups, by who is speaking. Where statements about one thing differ, the official one is taken first, then the press, and last what stands on the web.",
    ofTier: (n, claims) => `${plural(n, "document")}, ${plural(claims, "statement")}`,
    said: (date) => `said ${date}`,
    undated: (date) => `bears no date, read on ${date}`,
    claims: (n) => plural(n, "statement"),
    figures: (n) => `${n} of them on figures of the whole subdistrict`,
    withdrawn: (n) => `${n} more withdrawn`,
    projects: "Projects it speaks of",
    rest: (n) => `${n} more`,
  },
  schematic: {
    why: (n) =>
      `For ${plural(n, "project")} no source has published coordinates or a boundary. Public papers and reports only say in words where they are, such as which road is near or which community they belong to; design drawings are mostly not published. From those words we draw a rough shape, so that you know the neighbourhood.`,
    drawn:
      'Such shapes are pale and dashed and marked "schematic", on the card and in every file as well. The real boundary may differ. So no area, length or distance is ever taken from them, and they cannot tell whether a certain home or plot lies inside.',
    which: "Schematic projects by kind",
  },
  unknown: {
    lede: "A gap tells something too. No source that we have read says the following; if you know one that does, please tell us.",
    phase: "How far it is",
    phaseSaid:
      "These projects have been named, but nobody has said whether they are an idea, being built or finished. On the map they are thin grey lines.",
    place: "Where it is",
    placeSaid: (others) =>
      `No place can be trusted for these, so they are not drawn but listed under "Not on the map".${others ? ` Another ${others} there are never drawn: wholes that consist of parts, and programmes, events and titles that have no place.` : ""}`,
    date: "When it will be done",
    dateSaid: (n) =>
      `${plural(n, "intention or promise", "intentions or promises")} ${n === 1 ? "gives" : "give"} no date. Without a date nobody can say early or late, so they are left out of every reckoning and listed as they were said.`,
    open: "Open the list",
    onMap: "Show only these on the map",
  },
  words: {
    lede: "These are terms of the trade. After each of them one plain sentence says what it means, and how sure it is.",
    phases: "Phases",
    phasesLede: "How far a project has come.",
    commitments: "Commitment",
    commitmentsLede: "How firmly a source puts it, from light to firm.",
    lights: "Lights",
    lightsLede: "Whether a promised date has come, and was kept. Computed from statements, never typed in.",
    precisions: "Precision of places",
    precisionsLede: "How exact a place and a shape on the map are.",
    tiers: "Kinds of source",
    tiersLede: "Who is speaking.",
  },
  licences: {
    lede: "Facts are free for everyone. Texts are only quoted briefly and belong to their publishers; the licence of each source stands beneath it. The shapes and the ground of the map use these:",
  },
  report: {
    how: 'Please tell us what is wrong, best with the evidence: which document, of which day. Each project\'s card has "Report an error" as well, which brings along its name and number.',
    nobody:
      "No address for reports has been given here. Please tell the office in charge, best with the evidence: which document, of which day.",
  },
  data: {
    lede: "Everything on the chart can be downloaded whole, for spreadsheets, map software or programs. Coordinates are WGS84.",
    geojson: "GeoJSON, a map file",
    geojsonSaid: "All projects with their place, its precision and where it comes from.",
    gpkg: "GPKG layers",
    gpkgSaid: "The same for QGIS and other map software, with the sources inside.",
    xlsx: "Excel workbook",
    xlsxSaid: "Days and numbers to sort and count with, and sheets of the sources and of what it is.",
    csv: "CSV, a table",
    csvSaid: "The same for a spreadsheet.",
    sources: "List of sources",
    sourcesSaid: "The sources and numbers of this page, for programs.",
    openapi: "Description of the interface (OpenAPI)",
    openapiSaid: "What else can be asked, and how.",
  },
};
