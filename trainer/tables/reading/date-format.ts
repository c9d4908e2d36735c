// Dates as tables write them: which format a column's texts agree on, and a text of that format as ISO 8601.

/** Formats in the terms of strptime, the likeliest first. Those that differ only in the order of day and month stand side by side. */
const dateFormats = [
  "%Y-%m-%d",
  "%Y/%m/%d",
  "%Y.%m.%d",
  "%d/%m/%Y",
  "%m/%d/%Y",
  "%d-%m-%Y",
  "%m-%d-%Y",
  "%d.%m.%Y",
  "%d/%m/%y",
  "%m/%d/%y",
  "%d.%m.%y",
  "%d %b %Y",
  "%d-%b-%Y",
  "%d-%b-%y",
  "%b %d, %Y",
  "%b %d %Y",
] as const;
const timeFormats = ["%H:%M:%S", "%H:%M"] as const;
const formats = [
  ...dateFormats,
  ...dateFormats.flatMap((date) =>
    [" ", "T"].flatMap((gap) => timeFormats.map((time) => `${date}${gap}${time}`)),
  ),
];

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const parts: Readonly<Record<string, string>> = {
  Y: "(?<Y>\\d{4})",
  y: "(?<y>\\d{2})",
  m: "(?<m>\\d{1,2})",
  d: "(?<d>\\d{1,2})",
  H: "(?<H>\\d{1,2})",
  M: "(?<M>\\d{2})",
  // A fraction of a second and a zone of UTC say nothing more.
  S: "(?<S>\\d{2})(?:\\.\\d+)?(?:Z|\\+00(?::?00)?)?",
  b: "(?<b>[A-Za-z]{3,9})\\.?",
};

const compiled = new Map<string, RegExp>();

function patternOf(format: string): RegExp {
  const known = compiled.get(format);
  if (known) return known;
  const text = format.replace(/%([A-Za-z])|[.*+?^${}()|[\]\\]/g, (match, part: string | undefined) =>
    part ? (parts[part] ?? match) : `\\${match}`,
  );
  const pattern = new RegExp(`^${text}$`);
  compiled.set(format, pattern);
  return pattern;
}

/** The ISO text of a date in `format` (terms of strptime: %d %m %Y %y %b %H %M %S); undefined where the text is no such date. */
export function toIso(text: string, format: string): string | undefined {
  const found = patternOf(format).exec(text.trim())?.groups;
  if (!found) return undefined;
  const month = found.b ? months.indexOf(found.b.slice(0, 3).toLowerCase()) + 1 : Number(found.m);
  // As strptime does: 69 to 99 are of the last century.
  const year = found.Y ? Number(found.Y) : Number(found.y) + (Number(found.y) < 69 ? 2000 : 1900);
  const day = Number(found.d);
  const date = new Date(Date.UTC(year, month - 1, day));
  if (month < 1 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const iso = date.toISOString().slice(0, 10);
  if (found.H === undefined) return iso;
  const [hour, minute, second] = [found.H, found.M, found.S ?? "00"].map(Number);
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const two = (part: number) => String(part).padStart(2, "0");
  return `${iso}T${two(hour)}:${two(minute)}${second > 0 ? `:${two(second)}` : ""}`;
}

export interface FoundDateFormat {
  readonly format: string;
  /** The other format that reads every text too, and some of them as another day. */
  readonly rival?: string;
}

const differs = (texts: readonly string[], a: string, b: string) =>
  texts.some((text) => toIso(text, a) !== toIso(text, b));

/** The format that all of a column's texts are dates in; undefined where there is none. */
export function findDateFormat(texts: readonly string[]): FoundDateFormat | undefined {
  const [first] = texts;
  if (first === undefined || first.length < 6 || first.length > 40 || !/\d/.test(first)) return undefined;
  const fitting = formats.filter(
    (format) =>
      toIso(first, format) !== undefined && texts.every((text) => toIso(text, format) !== undefined),
  );
  const [format, ...others] = fitting;
  if (format === undefined) return undefined;
  const rival = others.find((other) => differs(texts, format, other));
  return rival === undefined ? { format } : { format, rival };
}

export const isDateTime = (format: string): boolean => format.includes("%H");
