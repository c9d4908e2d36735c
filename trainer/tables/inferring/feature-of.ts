// A column as a feature of a spec: its bounds with some slack, its example, and what its texts were read as.

import type { ColumnProfile } from "./column-profile.ts";
import type { ColumnType } from "./column-type.ts";
import { titleOfHeader } from "./field-names.ts";

/** A bound that leaves `slack` beyond what was seen, in two digits; never across zero. */
function bound(seen: number, slack: number, direction: -1 | 1): number {
  const wanted = seen + direction * slack;
  if (direction < 0 && seen >= 0 && wanted < 0) return 0;
  if (direction > 0 && seen <= 0 && wanted > 0) return 0;
  const step = 10 ** (Math.floor(Math.log10(Math.max(Math.abs(wanted), slack, 1e-9))) - 1);
  const rounded = (direction > 0 ? Math.ceil(wanted / step) : Math.floor(wanted / step)) * step;
  return Number(rounded.toPrecision(3));
}

const axes: readonly (readonly [name: RegExp, most: number])[] = [
  [/(^|[_\s])lat(itude)?$/i, 90],
  [/(^|[_\s])(lon|lng|long)(gitude)?$/i, 180],
];

/** 90 for a latitude, 180 for a longitude, by name and values; undefined for other numbers. */
export function degreesOf(column: string, type: ColumnType): number | undefined {
  if (type.type !== "number") return undefined;
  return axes.find(
    ([name, most]) => name.test(column) && Math.abs(type.minimum) <= most && Math.abs(type.maximum) <= most,
  )?.[1];
}

function numberBounds(column: string, type: ColumnType & { type: "number" }) {
  const degrees = degreesOf(column, type);
  if (degrees !== undefined) return { minimum: -degrees, maximum: degrees };
  const slack = Math.max(type.maximum - type.minimum, Math.abs(type.maximum), 1);
  return { minimum: bound(type.minimum, slack, -1), maximum: bound(type.maximum, slack, 1) };
}

const shiftYears = (iso: string, years: number) =>
  `${String(Number(iso.slice(0, 4)) + years).padStart(4, "0")}-${years < 0 ? "01-01" : "12-31"}`;

/** The unit in brackets of a header, as in "area (m²)". */
const unitInHeader = (column: string) => /[([]([^)\]]{1,20})[)\]]\s*$/.exec(column)?.[1].trim();

/** The feature as dataset.json writes it. */
export function featureOf(
  { column }: ColumnProfile,
  type: Exclude<ColumnType, { type: "none" }>,
  facts: { readonly name: string; readonly required: boolean; readonly example: unknown },
): Record<string, unknown> {
  const { name, required, example } = facts;
  const common = {
    name,
    ...(column === name ? {} : { column }),
    title: titleOfHeader(column),
    ...(required ? { required } : {}),
    ...(example === undefined ? {} : { example }),
  };
  if (type.type === "number") {
    const unit = type.unit ?? unitInHeader(column);
    return {
      ...common,
      type: "number",
      ...(type.integer ? { integer: true } : {}),
      ...(unit ? { unit } : {}),
      ...numberBounds(column, type),
    };
  }
  if (type.type === "boolean")
    return {
      ...common,
      type: "boolean",
      ...(type.spellings ? { spellings: type.spellings } : {}),
      ...(example === undefined ? {} : { example: example === "true" }),
    };
  if (type.type === "category")
    return { ...common, type: "category", levels: type.levels, ...(type.ordered ? { ordered: true } : {}) };
  return {
    ...common,
    type: type.type,
    minimum: shiftYears(type.minimum, -10),
    maximum: shiftYears(type.maximum, 20),
  };
}

/** What the source must say about a column so that its texts are read as its type. */
export function readingOf(type: ColumnType): Record<string, unknown> | undefined {
  if (type.type === "none") return undefined;
  const reading = {
    ...(type.marks.length > 0 ? { missing: [...type.marks].slice(0, 50) } : {}),
    ...(type.type === "number" && type.style.decimal !== "." ? { decimal: type.style.decimal } : {}),
    ...(type.type === "number" && type.style.thousands ? { thousands: type.style.thousands } : {}),
    ...((type.type === "date" || type.type === "datetime") && type.format !== "%Y-%m-%d"
      ? { date: type.format }
      : {}),
  };
  return Object.keys(reading).length > 0 ? reading : undefined;
}
