/** Days as whole numbers (days since 1970-01-01, no time zone) and their ISO text. */
const MS_PER_DAY = 86_400_000;
const DAYS_PER_MONTH = 30.4375;

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
  return Math.max(0, Math.round((to - from) / DAYS_PER_MONTH));
}

/** Shorter than this days are said. */
const ROUGH_FROM_DAYS = 60;

/** Whole years and months of a number of days; null when it is too short to be said so. */
export function roughly(days: number): { years: number; months: number } | null {
  if (Math.abs(days) < ROUGH_FROM_DAYS) return null;
  const months = Math.round(Math.abs(days) / DAYS_PER_MONTH);
  return { years: Math.floor(months / 12), months: months % 12 };
}

/** Whether a date of the claim grammar names one day, and nothing coarser or vaguer. */
export const isOneDay = (text: string | null): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text ?? "");

export function clampDay(day: Day, from: Day, to: Day): Day {
  return Math.max(from, Math.min(to, day));
}
