// How columns relate, measured on a sample of rows: to the target, to one another, and which are as good as one.
import type { DataReport, ReportColumn } from "#core/api/data-report.ts";
import type { Database, Value } from "../reading/database.ts";
import { type Coded, codeColumn } from "./codes.ts";
import { groupColumns, measureInformation } from "./information.ts";
import type { ReadColumn } from "./read-columns.ts";
import { valueWriter } from "./show-value.ts";
import { groupTarget } from "./target-groups.ts";
import { isMeasured } from "./typed-table.ts";

const sampleRows = 20_000;
const sampleCells = 4_000_000;
const fewestSampled = 1000;
/** Columns that are compared with one another. */
const mostCompared = 60;
const shownGroups = 16;

export interface Sample {
  readonly rows: number;
  /** By place of the column. */
  readonly values: readonly (readonly Value[])[];
}

/** Every n-th row of the typed table, the same ones every time. */
export async function takeSample(database: Database, columns: number, rows: number): Promise<Sample> {
  const wanted = Math.min(sampleRows, Math.max(fewestSampled, Math.floor(sampleCells / columns)));
  const every = Math.max(1, Math.ceil(rows / wanted));
  const values = Array.from({ length: columns }, () => [] as Value[]);
  let taken = 0;
  for await (const cells of database.stream(`SELECT * FROM typed WHERE rowid % ${every} = 0`)) {
    for (let at = 0; at < columns; at++) values[at].push(cells[at]);
    taken++;
  }
  return { rows: taken, values };
}

/** Texts and ids have as many values as rows: nothing can be counted in them. */
const isCountable = ({ type }: ReadColumn) => type !== undefined && type.type !== "none";

export function codeSample(
  sample: Sample,
  columns: readonly ReadColumn[],
  described: readonly ReportColumn[],
): (Coded | undefined)[] {
  return columns.map((column, at) => {
    if (!isCountable(column)) return undefined;
    const ordered = column.type?.type === "category" && column.type.ordered ? column.type.levels : undefined;
    return codeColumn(sample.values[at], isMeasured(column), valueWriter(described[at].type), ordered);
  });
}

/** The columns with what each tells of the target at `target`. */
export function relateToTarget(
  described: readonly ReportColumn[],
  coded: readonly (Coded | undefined)[],
  sample: Sample,
  target: number,
  classes: readonly string[] | undefined,
): ReportColumn[] {
  const goal = coded[target];
  return described.map((column, at) => {
    const own = coded[at];
    if (at === target || !own || !goal) return column;
    const information = measureInformation(own, goal);
    const byTarget = groupTarget(own, sample.values[target], classes).slice(0, shownGroups + 1);
    return { ...column, information, byTarget };
  });
}

/** Strengths between the columns at `order`, which come first where there are too many. */
export function compareColumns(
  described: readonly ReportColumn[],
  coded: readonly (Coded | undefined)[],
  order: readonly number[],
): DataReport["associations"] {
  const compared = order.filter((at) => coded[at] && coded[at].size > 1).slice(0, mostCompared);
  const strengths = compared.map((one, place) =>
    compared
      .slice(0, place)
      .map((other) =>
        Number(measureInformation(coded[one] as Coded, coded[other] as Coded).strength.toFixed(4)),
      ),
  );
  const between = (one: number, other: number) =>
    one === other ? 1 : strengths[Math.max(one, other)][Math.min(one, other)];
  const names = compared.map((at) => described[at].name);
  return {
    columns: names,
    strengths,
    groups: groupColumns(between, compared.length).map(({ members, weakest }) => ({
      columns: members.map((place) => names[place]),
      weakest,
    })),
  };
}
