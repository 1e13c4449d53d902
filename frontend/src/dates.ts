/** Days as whole numbers (days since 1970-01-01, no time zone) and their ISO text. */
const MS_PER_DAY = 86_400_000;

/** A whole number of days since 1970-01-01. */
export type Day = number;

/** The day of an ISO date `YYYY-MM-DD`; NaN when the text is no real day. */
export function dayOf(iso: string): Day {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso);
  if (!match) return Number.NaN;
  const day = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) / MS_PER_DAY;
  return isoOf(day) === iso ? day : Number.NaN;
}

export function isoOf(day: Day): string {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
}

/** The last day that `YYYY`, `YYYY-MM` or `YYYY-MM-DD` may mean; NaN when it is none of them. */
export function lastDayOf(text: string): Day {
  const match = /^(\d{4})(?:-(\d{2}))?$/.exec(text);
  if (!match) return dayOf(text);
  const month = match[2] ? Number(match[2]) : 12;
  if (month < 1 || month > 12) return Number.NaN;
  return Date.UTC(Number(match[1]), month, 0) / MS_PER_DAY;
}

export function yearOf(day: Day): number {
  return new Date(day * MS_PER_DAY).getUTCFullYear();
}

export function monthOf(day: Day): number {
  return new Date(day * MS_PER_DAY).getUTCMonth() + 1;
}

export function firstOfYear(year: number): Day {
  return Date.UTC(year, 0, 1) / MS_PER_DAY;
}

/** The same day of the month so many months on; the 31st becomes the month's last day. */
export function addMonths(day: Day, months: number): Day {
  const date = new Date(day * MS_PER_DAY);
  const target = date.getUTCFullYear() * 12 + date.getUTCMonth() + months;
  const year = Math.floor(target / 12);
  const month = target - year * 12;
  const length = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(date.getUTCDate(), length)) / MS_PER_DAY;
}

/** Whole months from one day to a later one. */
export function monthsBetween(from: Day, to: Day): number {
  return Math.max(0, Math.round((to - from) / 30.4375));
}

export function clampDay(day: Day, from: Day, to: Day): Day {
  return Math.max(from, Math.min(to, day));
}
