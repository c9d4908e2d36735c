// The type that a column's values have: number, boolean, date, category, or text and ids that no model learns from.
import { InputError, quoted } from "#core/api/problem.ts";
import { featureLimits } from "#core/dataset/feature.ts";
import { currencyOf, findNumberStyle, type NumberStyle, readNumberText } from "#core/dataset/number-text.ts";
import { findDateFormat, isDateTime, toIso } from "../reading/date-format.ts";
import type { ColumnProfile } from "./column-profile.ts";
import { orderLevels } from "./scales.ts";

export type ColumnType =
  | {
      readonly type: "number";
      readonly style: NumberStyle;
      readonly integer: boolean;
      readonly minimum: number;
      readonly maximum: number;
      readonly unit?: string;
      readonly marks: readonly string[];
    }
  | {
      readonly type: "boolean";
      readonly spellings?: { readonly true: string[]; readonly false: string[] };
      readonly marks: readonly string[];
    }
  | {
      readonly type: "date" | "datetime";
      readonly format: string;
      readonly minimum: string;
      readonly maximum: string;
      readonly marks: readonly string[];
    }
  | {
      readonly type: "category";
      readonly levels: readonly string[];
      readonly ordered: boolean;
      readonly marks: readonly string[];
    }
  | { readonly type: "none"; readonly reason: string };

/** Texts that often stand for nothing, where the other values are of a type that they are not. */
const likelyMarks = new Set([
  "-",
  "--",
  "—",
  "–",
  "?",
  ".",
  "none",
  "unknown",
  "missing",
  "nil",
  "#n/a",
  "#value!",
  "#null!",
  "n.a.",
  "na.",
  "tbd",
  "n.d.",
  "s/d",
]);
/** A column of numbers may hold this share of cells that are none, if they are few different texts: those mean that nothing is known. */
const strayShare = 0.03;
const mostStrays = 5;

type Values = ColumnProfile["values"];
const countOf = (values: Values) => values.reduce((sum, [, count]) => sum + count, 0);
const isSentinel = (text: string) => /^-9{1,6}(\.0+)?$|^9{3,6}(\.0+)?$|^-1(\.0+)?$/.test(text);

/** -999 that stands alone far outside the other numbers means that nothing is known. */
function findSentinels(
  numbers: readonly (readonly [text: string, value: number, count: number])[],
): string[] {
  return numbers.flatMap(([text, value, count]) => {
    if (!isSentinel(text) || count < 2 || Math.abs(value) < 9) return [];
    const others = numbers.filter(([other]) => !isSentinel(other)).map(([, other]) => other);
    if (others.length < 5) return [];
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const other of others) {
      low = Math.min(low, other);
      high = Math.max(high, other);
    }
    const gap = value < low ? low - value : value - high;
    return gap > 1.5 * (high - low) || (value < 0 && low >= 0 && gap > 0) ? [text] : [];
  });
}

/** 01234 beside 98765: digits that name something. */
function areCodes(values: Values): boolean {
  const padded = values.some(([text]) => /^0\d+$/.test(text));
  return padded && values.every(([text]) => /^\d+$/.test(text));
}

function findNumbers(values: Values, decimal: "." | "," | undefined): ColumnType | undefined {
  if (areCodes(values)) return undefined;
  const sample = values.slice(0, 5000).map(([text]) => text);
  const found = findNumberStyle(sample, decimal);
  if (!found || found.matches < 0.5 * sample.length) return undefined;
  const { style } = found;
  const numbers: [string, number, number][] = [];
  const strays: [string, number][] = [];
  const units = new Map<string, number>();
  for (const [text, count] of values) {
    const read = readNumberText(text, style);
    if (!read) strays.push([text, count]);
    else {
      numbers.push([text, read.value, count]);
      if (read.unit) units.set(read.unit, (units.get(read.unit) ?? 0) + count);
    }
  }
  const strayCells = countOf(strays);
  const areMarks = strays.every(([text]) => likelyMarks.has(text.toLowerCase()));
  if (
    strays.length > 0 &&
    !areMarks &&
    (strays.length > mostStrays || strayCells > strayShare * countOf(values))
  )
    return undefined;
  const sentinels = findSentinels(numbers);
  const kept = numbers.filter(([text]) => !sentinels.includes(text));
  if (kept.length === 0) return undefined;
  let [minimum, maximum, integer] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, true];
  for (const [, value] of kept) {
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
    integer &&= Number.isInteger(value);
  }
  const [unit] = [...units].sort((a, b) => b[1] - a[1])[0] ?? [];
  return {
    type: "number",
    ...{ style, integer, minimum, maximum },
    ...(unit ? { unit: currencyOf(unit) ?? unit } : {}),
    marks: [...strays.map(([text]) => text), ...sentinels],
  };
}

const pairs: readonly (readonly [yes: string, no: string])[] = [
  ["true", "false"],
  ["yes", "no"],
  ["y", "n"],
  ["t", "f"],
  ["1", "0"],
  ["1.0", "0.0"],
  ["sí", "no"],
  ["si", "no"],
  ["sì", "no"],
  ["oui", "non"],
  ["ja", "nein"],
  ["ja", "nee"],
  ["sim", "não"],
  ["on", "off"],
  ["x", "-"],
];
const known = 6;

function findBooleans(values: Values): ColumnType | undefined {
  if (values.length !== 2) return undefined;
  const texts = values.map(([text]) => text);
  const at = pairs.findIndex(
    (pair) =>
      texts.every((text) => pair.includes(text.toLowerCase())) &&
      texts[0].toLowerCase() !== texts[1].toLowerCase(),
  );
  if (at < 0) return undefined;
  if (at < known) return { type: "boolean", marks: [] };
  const says = (word: string) => texts.filter((text) => text.toLowerCase() === word);
  return { type: "boolean", spellings: { true: says(pairs[at][0]), false: says(pairs[at][1]) }, marks: [] };
}

function findDates(column: string, values: Values, choice: string | undefined): ColumnType | undefined {
  const marks = values.filter(([text]) => likelyMarks.has(text.toLowerCase())).map(([text]) => text);
  const texts = values.slice(0, 20_000).flatMap(([text]) => (marks.includes(text) ? [] : [text]));
  const found = choice ? { format: choice } : findDateFormat(texts);
  if (!found) return undefined;
  if (found.rival) {
    const example =
      texts.find((text) => toIso(text, found.format) !== toIso(text, found.rival as string)) ?? texts[0];
    throw new InputError(
      `column ${quoted(column)}: ${quoted(example)} may be ${toIso(example, found.format)} or ${toIso(example, found.rival)}, and no value settles it; give --date "${column.slice(0, 60)}=${found.format}" or "${column.slice(0, 60)}=${found.rival}"`,
    );
  }
  const isos = texts.map((text) => {
    const iso = toIso(text, found.format);
    if (iso === undefined)
      throw new InputError(
        `column ${quoted(column)}: expected dates as ${found.format}; got ${quoted(text)}`,
      );
    return iso;
  });
  // Times that are all midnight say nothing.
  const type = isDateTime(found.format) && !isos.every((iso) => iso.endsWith("T00:00")) ? "datetime" : "date";
  const cut = (iso: string) => (type === "date" ? iso.slice(0, 10) : iso);
  const [low, high] = isos.reduce(
    ([a, b], iso) => [iso < a ? iso : a, iso > b ? iso : b],
    [isos[0], isos[0]],
  );
  return { type, format: found.format, minimum: cut(low), maximum: cut(high), marks };
}

/** Why a column of texts is no category; undefined where it is one. */
function whyNoCategory({ values, distinct, rows, missing }: ColumnProfile): string | undefined {
  const filled = rows - missing;
  if (distinct > featureLimits.levels)
    return `${distinct} different values: more than the ${featureLimits.levels} levels that a category may have`;
  if (values.some(([text]) => text.length > 200)) return "long texts";
  if (filled > 20 && distinct === filled) return "every value is different: an id or a free text";
  if (filled > 50 && distinct > 0.5 * filled)
    return `${distinct} different values in ${filled} rows: a free text`;
  return undefined;
}

export interface TypeChoice {
  readonly decimal?: "." | ",";
  /** A format of dates in the terms of strptime. */
  readonly date?: string;
}

/** The type of a column that is not empty. Throws InputError naming the column where its dates can be read in two ways. */
export function findColumnType(profile: ColumnProfile, choice: TypeChoice = {}): ColumnType {
  const { column, values } = profile;
  if (!choice.date) {
    const found = findBooleans(values) ?? findNumbers(values, choice.decimal);
    if (found) return found;
  }
  const dates = findDates(column, values, choice.date);
  if (dates) return dates;
  const reason = whyNoCategory(profile);
  if (reason) return { type: "none", reason };
  const marks =
    values.length > 2 ? values.filter(([text]) => ["?", "-", "--"].includes(text)).map(([text]) => text) : [];
  const levels = values.flatMap(([text]) => (marks.includes(text) ? [] : [text]));
  const ordered = orderLevels(levels);
  return { type: "category", levels: ordered ?? [...levels].sort(), ordered: ordered !== undefined, marks };
}
