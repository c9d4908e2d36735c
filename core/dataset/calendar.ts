// Dates and times in ISO 8601 as the numbers that models see: days since 1970-01-01, with a fraction for the time of day.

const dayMs = 86_400_000;
const pattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

export type CalendarKind = "date" | "datetime";

/** What a value of this kind looks like, for messages. */
export const calendarExamples: Readonly<Record<CalendarKind, string>> = {
  date: "a date as 2024-05-31",
  datetime: "a date and time as 2024-05-31T14:30",
};

function offsetMinutes(zone: string | undefined): number {
  if (zone === undefined || zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith("-") ? -minutes : minutes;
}

/**
 * Days since 1970-01-01T00:00Z of an ISO text; a time without a zone counts as UTC, a date as its midnight. Undefined where the text is
 * no date of the calendar (2023-02-29), or has a time although a `date` is expected.
 */
export function findDay(text: string, kind: CalendarKind): number | undefined {
  const match = pattern.exec(text);
  if (!match || (kind === "date" && match[4] !== undefined)) return undefined;
  const [year, month, day, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => (part === undefined ? undefined : Number(part))) as number[];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const date = new Date(0);
  // Date.UTC would take the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const fraction = match[7] === undefined ? 0 : Number(`0.${match[7]}`);
  const time = ((hour * 60 + minute - offsetMinutes(match[8])) * 60 + second + fraction) * 1000;
  return (date.getTime() + time) / dayMs;
}

/** The ISO text of a number of days: 2024-05-31, or 2024-05-31T14:30 for a datetime. */
export function formatDay(days: number, kind: CalendarKind): string {
  const date = new Date(Math.round(days * dayMs));
  if (Number.isNaN(date.getTime())) return String(days);
  return date.toISOString().slice(0, kind === "date" ? 10 : 16);
}
