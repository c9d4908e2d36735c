// Records of CSV as rows: the header names the features, and what else a row may carry; a cell is read by its column's type.
import { type FieldError, InputError, toPointer } from "../api/problem.ts";
import { findNumber, isMissing } from "./cell.ts";
import type { CsvRecord } from "./csv.ts";
import { didYouMean, listNames } from "./did-you-mean.ts";
import type { Feature } from "./feature.ts";
import { findBoolean } from "./feature-value.ts";
import type { DatasetSpec } from "./spec.ts";

/** One row as it was given: a value to check, or why it is none. */
export type GivenRow = { readonly value: unknown } | { readonly errors: readonly FieldError[] };

export type ReadRecord = (record: CsvRecord) => GivenRow;

const shown = (names: readonly string[]) => names.map((name) => JSON.stringify(name.slice(0, 64))).join(", ");

/** More faults of a header than this are not listed. */
const listedFaults = 20;

/** A column as the header may name it. */
export interface Column {
  readonly name: string;
  readonly required: boolean;
  /** The value of a cell; undefined where nothing is known. */
  readonly read: (cell: string) => number | string | undefined;
}

function headerFaults(columns: readonly Column[], header: readonly string[]): FieldError[] {
  const known = columns.map(({ name }) => name);
  const faults: FieldError[] = [];
  for (const name of new Set(header)) {
    if (known.includes(name)) continue;
    const meant = didYouMean(name, known);
    const allowed = meant ? `did you mean "${meant}"?` : `expected only ${listNames(known)}`;
    const detail = `unknown column ${shown([name])}; ${allowed}`;
    faults.push({ pointer: toPointer([name.slice(0, 64)]), detail });
    if (faults.length >= listedFaults) return faults;
  }
  for (const { name, required } of columns) {
    const places = header.filter((column) => column === name).length;
    if (places > 1) faults.push({ pointer: toPointer([name]), detail: "the column is there twice" });
    if (places === 0 && required)
      faults.push({ pointer: toPointer([name]), detail: "required: the column is missing" });
  }
  return faults;
}

/** Text that is no number stays text: the check of the row will say so. */
function readNumber(cell: string): number | string | undefined {
  return isMissing(cell) ? undefined : (findNumber(cell) ?? cell);
}

/** 1234,5 or 1.234,5: where a comma does not part cells, it may be the decimal mark. */
function readCommaNumber(cell: string): number | string | undefined {
  return readNumber(
    /^[+-]?(\d+|\d{1,3}(\.\d{3})+),\d+$/.test(cell) ? cell.replaceAll(".", "").replace(",", ".") : cell,
  );
}

function featureColumn(feature: Feature, separator: string): Column {
  const { name, required } = feature;
  if (feature.as === "date" || feature.as === "datetime")
    return { name, required, read: (cell) => (isMissing(cell) ? undefined : cell) };
  if (feature.as === "boolean")
    return {
      name,
      required,
      read: (cell) => (isMissing(cell) ? undefined : (findBoolean(feature, cell) ?? cell)),
    };
  if (feature.type === "number")
    return { name, required, read: separator === "," ? readNumber : readCommaNumber };
  const levels = new Set(feature.levels);
  return { name, required, read: (cell) => (levels.has(cell) || !isMissing(cell) ? cell : undefined) };
}

/** The columns of items beside their features: an id is whatever text it is, a target may be missing. */
export function itemColumns(spec: DatasetSpec): Column[] {
  return [
    { name: "id", required: true, read: (cell) => (cell === "" ? undefined : cell) },
    { name: spec.target.name, required: false, read: readNumber },
  ];
}

/**
 * How the records below `header` are read; `others` are columns beside the features. A `separator` other than the comma lets numbers
 * have a decimal comma. Throws InputError for a header with unknown,
 * missing or repeated columns.
 */
export function recordReader(
  spec: DatasetSpec,
  header: Omit<CsvRecord, "line">,
  others: readonly Column[] = [],
  separator = ",",
): ReadRecord {
  if (header.fault) throw new InputError(`the header is not CSV: ${header.fault}`);
  const known = [...spec.features.map((feature) => featureColumn(feature, separator)), ...others];
  const faults = headerFaults(known, header.fields);
  if (faults.length > 0) throw new InputError(faults);
  const columns = header.fields.map((name) => known.find((column) => column.name === name));
  return ({ fields, fault }) => {
    if (fault) return { errors: [{ pointer: "", detail: `not CSV: ${fault}` }] };
    if (fields.length !== columns.length) {
      const detail = `expected ${columns.length} cells, as the header has; got ${fields.length}`;
      return { errors: [{ pointer: "", detail }] };
    }
    const value: Record<string, number | string> = {};
    columns.forEach((column, at) => {
      const read = column?.read(fields[at]);
      if (column && read !== undefined) value[column.name] = read;
    });
    return { value };
  };
}
