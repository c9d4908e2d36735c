// What a table would do against a spec: columns that are missing or new, cells that cannot be read, new levels, values out of range.
import { quoted } from "#core/api/problem.ts";
import { didYouMean } from "#core/dataset/did-you-mean.ts";
import { numberOf } from "#core/dataset/feature-value.ts";
import { range } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { targetAsFeature } from "#core/dataset/target.ts";
import { type ColumnProfile, profileColumn } from "./inferring/column-profile.ts";
import { BadCell, cellReader } from "./reading/cell-readers.ts";
import { openTable } from "./reading/open-table.ts";
import type { RawTable, Reading } from "./reading/raw-table.ts";

type Feature = DatasetSpec["features"][number];

export type FindingKind =
  | "missing column"
  | "new column"
  | "missing values"
  | "unreadable"
  | "new levels"
  | "out of range";

export interface Finding {
  readonly column: string;
  readonly kind: FindingKind;
  /** Cells that it concerns; every row for a whole column. */
  readonly cells: number;
  /** The most frequent texts, and how many cells have each. */
  readonly examples: readonly { readonly text: string; readonly cells: number }[];
  /** What is allowed, or what was meant. */
  readonly detail: string;
}

export interface TableCheck {
  readonly rows: number;
  readonly columns: number;
  readonly findings: readonly Finding[];
}

const shownExamples = 5;

/** What is wrong with one text of a feature's column; undefined where nothing is. */
function faultOf(
  feature: Feature,
  read: (text: string) => number | string | undefined,
  text: string,
): { kind: FindingKind; detail: string } | "missing" | undefined {
  let value: number | string | undefined;
  try {
    value = read(text);
  } catch (error) {
    if (error instanceof BadCell) return { kind: "unreadable", detail: `expected ${error.allowed}` };
    throw error;
  }
  if (value === undefined) return "missing";
  if (feature.type === "category") {
    if (feature.levels.includes(String(value))) return undefined;
    const meant = didYouMean(text, feature.levels);
    return {
      kind: "new levels",
      detail: meant ? `did you mean ${quoted(meant)}?` : `the spec has ${feature.levels.length} levels`,
    };
  }
  const number = numberOf(feature, value);
  const { minimum = -Infinity, maximum = Infinity } = feature;
  const isOut = number > maximum || (feature.exclusiveMinimum ? number <= minimum : number < minimum);
  return isOut ? { kind: "out of range", detail: `expected${range(feature)}` } : undefined;
}

function checkColumn(spec: DatasetSpec, feature: Feature, profile: ColumnProfile): Finding[] {
  const read = cellReader(spec.source, profile.column, feature);
  const found = new Map<
    FindingKind,
    { cells: number; examples: { text: string; cells: number }[]; detail: string }
  >();
  let missing = profile.missing;
  for (const [text, cells] of profile.values) {
    const fault = faultOf(feature, read, text);
    if (fault === "missing") missing += cells;
    if (fault === undefined || fault === "missing") continue;
    const own = found.get(fault.kind) ?? { cells: 0, examples: [], detail: fault.detail };
    own.cells += cells;
    if (own.examples.length < shownExamples) own.examples.push({ text: text.slice(0, 60), cells });
    found.set(fault.kind, own);
  }
  const { column } = profile;
  const findings = [...found].map(([kind, rest]): Finding => ({ column, kind, ...rest }));
  if (missing > 0 && feature.required)
    findings.unshift({
      column,
      kind: "missing values",
      cells: missing,
      examples: [],
      detail: "the column is required",
    });
  return findings;
}

async function checkColumns(spec: DatasetSpec, table: RawTable): Promise<Finding[]> {
  const known = new Set(spec.source.leftOut?.map(({ column }) => column));
  const findings: Finding[] = [];
  const target: Feature = { ...targetAsFeature(spec), required: false };
  for (const feature of [...spec.features, target]) {
    const header = feature.column ?? feature.name;
    known.add(header);
    const at = table.columns.indexOf(header);
    if (at >= 0) findings.push(...checkColumn(spec, feature, await profileColumn(table, at)));
    else {
      const meant = didYouMean(header, table.columns);
      const detail = meant
        ? `did you mean ${quoted(meant)}?`
        : feature === target
          ? "it is the target"
          : feature.required
            ? "it is required"
            : "it is optional";
      findings.push({ column: header, kind: "missing column", cells: table.rows, examples: [], detail });
    }
  }
  for (const header of table.columns) {
    if (known.has(header)) continue;
    findings.push({
      column: header,
      kind: "new column",
      cells: table.rows,
      examples: [],
      detail: "the spec does not know it",
    });
  }
  return findings;
}

/** Compares the table at `location` with `spec`; what `reading` settles counts more than the spec's source. */
export async function checkTable(
  spec: DatasetSpec,
  location: string,
  reading: Reading = {},
): Promise<TableCheck> {
  // The text of another file may be written otherwise: its separator and encoding are found anew.
  const { missing } = spec.source;
  const table = await openTable(location, ".", { missing, ...reading });
  try {
    return { rows: table.rows, columns: table.columns.length, findings: await checkColumns(spec, table) };
  } finally {
    table.close();
  }
}
