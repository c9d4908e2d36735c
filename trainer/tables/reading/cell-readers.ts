// How a column's texts become values: its missing marks, its style of numbers, its format of dates, its spellings of true and false.
import { calendarExamples, findDay } from "#core/dataset/calendar.ts";
import { findNumber, isMissing } from "#core/dataset/cell.ts";
import type { Feature } from "#core/dataset/feature.ts";
import { findBoolean } from "#core/dataset/feature-value.ts";
import { type NumberStyle, readNumberText } from "#core/dataset/number-text.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { toIso } from "./date-format.ts";

export type Value = number | string | undefined;

/** A text that says something the column cannot hold. */
export class BadCell extends Error {
  readonly allowed: string;

  constructor(allowed: string) {
    super(allowed);
    this.allowed = allowed;
  }
}

/** The value of a cell; undefined where it is missing. Throws BadCell. */
export type CellReader = (text: string | null) => Value;

type Source = DatasetSpec["source"];

/** Whether a text says that nothing is known in the column called `column`. */
export function missingTest(source: Source, column: string): (text: string) => boolean {
  const marks = new Set([...(source.missing ?? []), ...(source.columns?.[column]?.missing ?? [])]);
  return (text) => isMissing(text) || marks.has(text);
}

function numberReader(style: NumberStyle): (text: string) => number {
  const isPlain = style.decimal === "." && style.thousands === undefined;
  return (text) => {
    const value = (isPlain ? findNumber(text) : undefined) ?? readNumberText(text, style)?.value;
    if (value === undefined) throw new BadCell("a number or an empty cell");
    return value;
  };
}

function dateReader(kind: "date" | "datetime", format: string | undefined): (text: string) => string {
  return (text) => {
    const iso = format === undefined ? text : toIso(text, format);
    // Some times of a column of dates are midnight.
    const value = kind === "date" ? iso?.slice(0, 10) : iso;
    if (value === undefined || findDay(value, kind) === undefined)
      throw new BadCell(
        `${format === undefined ? calendarExamples[kind] : `a date as ${format}`} or an empty cell`,
      );
    return value;
  };
}

/** How a feature's cells are read; `column` is its header in the table. A target is read by its type alone. */
export function cellReader(
  source: Source,
  column: string,
  feature: Feature | { readonly type: "number" | "category"; readonly as?: undefined },
): CellReader {
  const own = source.columns?.[column];
  const isNothing = missingTest(source, column);
  const read = ((): ((text: string) => number | string) => {
    if (feature.as === "boolean") return (text) => findBoolean(feature, text) ?? text;
    if (feature.as) return dateReader(feature.as, own?.date);
    if (feature.type === "category") return (text) => text;
    return numberReader({ decimal: own?.decimal ?? source.decimal ?? ".", thousands: own?.thousands });
  })();
  return (given) => {
    if (given === null) return undefined;
    const text = given.trim();
    return isNothing(text) ? undefined : read(text);
  };
}
