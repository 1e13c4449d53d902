// Reads a calendar from its input with another library than the one that wrote it, and says what it found.
import { text } from "node:stream/consumers";
import ICAL from "../node_modules/ical.js/dist/ical.js";

const calendar = new ICAL.Component(ICAL.parse(await text(process.stdin)));
const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  return {
    uid: event.uid,
    summary: event.summary,
    description: event.description,
    start: event.startDate.toString(),
    end: event.endDate.toString(),
    days: event.startDate.isDate && event.endDate.isDate,
    sequence: event.sequence,
    status: component.getFirstPropertyValue("status"),
    categories: component.getFirstProperty("categories").getValues(),
    geo: component.getFirstPropertyValue("geo"),
    url: component.getFirstPropertyValue("url"),
  };
});
const name = calendar.getFirstPropertyValue("x-wr-calname");
process.stdout.write(JSON.stringify({ name, version: calendar.getFirstPropertyValue("version"), events }));
