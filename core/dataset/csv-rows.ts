// Records of CSV as rows to price: the header names the features, a cell is read by its feature's type.
import { type FieldError, InputError, toPointer } from "../api/problem.ts";
import { findNumber, isMissing } from "./cell.ts";
import type { CsvRecord } from "./csv.ts";
import type { DatasetSpec, Feature } from "./spec.ts";

/** One row as it was given: a value to check, or why it is none. */
export type GivenRow = { readonly value: unknown } | { readonly errors: readonly FieldError[] };

export type ReadRecord = (record: CsvRecord) => GivenRow;

const shown = (names: readonly string[]) => names.map((name) => JSON.stringify(name.slice(0, 64))).join(", ");

/** More faults of a header than this are not listed. */
const listedFaults = 20;

function headerFaults(spec: DatasetSpec, header: readonly string[]): FieldError[] {
  const known = new Map(spec.features.map((feature) => [feature.name, feature]));
  const faults: FieldError[] = [];
  for (const name of new Set(header)) {
    if (known.has(name)) continue;
    const detail = `unknown column ${shown([name])}; expected only ${[...known.keys()].join(", ")}`;
    faults.push({ pointer: toPointer([name.slice(0, 64)]), detail });
    if (faults.length >= listedFaults) return faults;
  }
  for (const [name, { required }] of known) {
    const places = header.filter((column) => column === name).length;
    if (places > 1) faults.push({ pointer: toPointer([name]), detail: "the column is there twice" });
    if (places === 0 && required)
      faults.push({ pointer: toPointer([name]), detail: "required: the column is missing" });
  }
  return faults;
}

/** The value of a cell; undefined where nothing is known. Text that is no number stays text: the row's check will say so. */
function readCell(feature: Feature, cell: string): number | string | undefined {
  if (feature.type === "category" && feature.levels.includes(cell)) return cell;
  if (isMissing(cell)) return undefined;
  return feature.type === "number" ? (findNumber(cell) ?? cell) : cell;
}

/** How the records below `header` are read. Throws InputError for a header with unknown, missing or repeated columns. */
export function recordReader(spec: DatasetSpec, header: CsvRecord): ReadRecord {
  if (header.fault) throw new InputError(`the header is not CSV: ${header.fault}`);
  const faults = headerFaults(spec, header.fields);
  if (faults.length > 0) throw new InputError(faults);
  const columns = header.fields.map((name) => spec.features.find((feature) => feature.name === name));
  return ({ fields, fault }) => {
    if (fault) return { errors: [{ pointer: "", detail: `not CSV: ${fault}` }] };
    if (fields.length !== columns.length) {
      const detail = `expected ${columns.length} cells, as the header has; got ${fields.length}`;
      return { errors: [{ pointer: "", detail }] };
    }
    const value: Record<string, number | string> = {};
    columns.forEach((feature, at) => {
      const cell = feature && readCell(feature, fields[at]);
      if (feature && cell !== undefined) value[feature.name] = cell;
    });
    return { value };
  };
}
