// Computes the data report of a table: one pass of reading, the counting in the database, relations on a sample of rows.
import { type DataReport, dataReportVersion, type ReportColumn } from "#core/api/data-report.ts";
import { InputError } from "#core/api/problem.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { degreesOf } from "../inferring/feature-of.ts";
import { findColumn } from "../inferring/field-names.ts";
import { type Goal, inferTarget, isTarget, targetColumns } from "../inferring/infer-target.ts";
import { findCopies, judgeColumn } from "../inferring/left-out.ts";
import type { RawTable } from "../reading/raw-table.ts";
import { countDropped } from "./cleaning.ts";
import { describeColumn } from "./distributions.ts";
import { describeMissingness } from "./missingness.ts";
import { type ReadColumn, readColumns } from "./read-columns.ts";
import { codeSample, compareColumns, relateToTarget, type Sample, takeSample } from "./relations.ts";
import { findDuplicates, findOutliers, showRows } from "./suspects.ts";
import { makeTypedTable } from "./typed-table.ts";
import { findWarnings } from "./warnings.ts";

export interface ReportOptions {
  readonly target?: string;
  /** Formats of dates by column. */
  readonly dates?: Readonly<Record<string, string>>;
  /** Texts that stand for nothing, beside the usual ones. */
  readonly missing?: readonly string[];
  /** Settles the target, which columns are left out, and what cleaning drops. */
  readonly spec?: DatasetSpec;
}

const mapPoints = 1500;

/** Why each column is left out that is: by the spec, or by what its values show. */
async function findReasons(
  table: RawTable,
  columns: readonly ReadColumn[],
  goal: { readonly at: number; readonly of: Goal } | undefined,
  sample: Sample,
  spec: DatasetSpec | undefined,
): Promise<(string | undefined)[]> {
  if (spec) {
    const kept = new Set([...spec.features, spec.target].map(({ name, column }) => column ?? name));
    const said = new Map(spec.source.leftOut?.map(({ column, reason }) => [column, reason]));
    return columns.map(({ profile: { column } }) =>
      kept.has(column) ? undefined : (said.get(column) ?? "the spec does not use it"),
    );
  }
  const isUsable = (at: number) => at !== goal?.at && !columns[at].reason;
  const usable = columns.filter((_, at) => isUsable(at));
  const copies = await findCopies(
    table,
    usable.map(({ profile }) => profile),
  );
  const name = goal && columns[goal.at].profile.column;
  const rows = goal
    ? sample.values[goal.at].flatMap((value, row) => (isTarget(goal.of, value as never) ? [row] : []))
    : [];
  const targets = goal
    ? targetColumns(
        goal.of,
        rows.map((row) => sample.values[goal.at][row] as number | string),
      )
    : [];
  return columns.map(({ profile: { column }, reason }, at) => {
    if (at === goal?.at) return undefined;
    const copy = copies.get(column);
    if (reason || copy) return reason ?? `the same as ${copy}`;
    if (!goal || rows.length === 0) return undefined;
    const own = rows.map((row) => sample.values[at][row] ?? undefined) as (number | string | undefined)[];
    return judgeColumn(column, own, name as string, targets).leak;
  });
}

function tellReading({ found, rows, columns, format }: RawTable): DataReport["reading"] {
  const said = (
    [
      "encoding",
      "separator",
      "quote",
      "decimal",
      "comment",
      "skipLines",
      "sheet",
      "range",
      "table",
      "query",
    ] as const
  )
    .flatMap((name) =>
      found[name] === undefined ? [] : [{ name, value: String(found[name]).slice(0, 200) }],
    )
    .map(({ name, value }) => ({ name, value: value === "\t" ? "tab" : value }));
  return [
    { name: "format", value: format },
    ...said,
    { name: "size", value: `${rows} rows of ${columns.length} columns` },
  ];
}

function findPlaces(
  columns: readonly ReadColumn[],
  sample: Sample,
  amount: number | undefined,
): DataReport["places"] {
  const axis = (most: number) =>
    columns.flatMap(({ profile, type }, at) =>
      type && degreesOf(profile.column, type) === most ? [at] : [],
    );
  const [latitude, longitude] = [axis(90), axis(180)];
  if (latitude.length !== 1 || longitude.length !== 1) return undefined;
  const [lat, lon] = [sample.values[latitude[0]], sample.values[longitude[0]]];
  const target = amount === undefined ? undefined : sample.values[amount];
  const sorted = target && Float64Array.from(target.filter((value) => typeof value === "number")).sort();
  const every = Math.max(1, Math.ceil(sample.rows / mapPoints));
  const points: number[][] = [];
  for (let row = 0; row < sample.rows; row += every) {
    const [north, east, value] = [lat[row], lon[row], target?.[row]];
    if (typeof north !== "number" || typeof east !== "number") continue;
    const rank =
      sorted && typeof value === "number" ? [sorted.findIndex((one) => one >= value) / sorted.length] : [];
    points.push([north, east, ...rank].map((one) => Number(one.toFixed(5))));
  }
  const name = (at: number) => columns[at].profile.column.slice(0, 200);
  return points.length > 0
    ? { latitude: name(latitude[0]), longitude: name(longitude[0]), points }
    : undefined;
}

function targetName(table: RawTable, { target, spec }: ReportOptions): string | undefined {
  if (target !== undefined) return findColumn(table.columns, target, "--target");
  return spec && findColumn(table.columns, spec.target.column ?? spec.target.name, "target");
}

function classesOf(goal: Goal | undefined): string[] {
  return goal && goal.task !== "regression" ? goal.levels.map((level) => level.slice(0, 200)) : [];
}

/** Throws InputError for a table without rows, a target that is not there or cannot be predicted, and dates that can be read in two ways. */
export async function reportTable(table: RawTable, options: ReportOptions): Promise<DataReport> {
  const { database, source, format, rows, ragged } = table;
  if (rows === 0) throw new InputError(`${source}: a header and no rows; expected at least one row`);
  const target = targetName(table, options);
  const marks = options.missing ?? options.spec?.source.missing ?? [];
  const columns = await readColumns(table, marks, options.dates ?? {});
  const at = target === undefined ? -1 : table.columns.indexOf(target);
  const of = at < 0 ? undefined : inferTarget(columns[at].profile, columns[at].type, options.spec?.task);
  const classes = classesOf(of);
  await makeTypedTable(database, columns, marks);
  const sample = await takeSample(database, columns.length, rows);
  const goal = of && { at, of };
  const reasons = await findReasons(table, columns, goal, sample, options.spec);
  const plain: ReportColumn[] = [];
  for (const [place, column] of columns.entries()) {
    const reason = reasons[place];
    plain.push({
      ...(await describeColumn(database, column)),
      role: place === at ? "target" : reason === undefined ? "feature" : "left out",
      ...(reason === undefined ? {} : { reason: reason.slice(0, 400) }),
    });
  }
  const coded = codeSample(sample, columns, plain);
  const isAmount = of?.task === "regression";
  const described = goal ? relateToTarget(plain, coded, sample, at, isAmount ? undefined : classes) : plain;
  const strength = (place: number) => (place === at ? 2 : (described[place].information?.strength ?? 0));
  const order = described.map((_, place) => place).sort((a, b) => strength(b) - strength(a) || a - b);
  const outliers = await findOutliers(database, columns, described);
  const duplicates = await findDuplicates(database, columns.length);
  const suspects = [
    ...duplicates.examples.flatMap((one) => one.rows.slice(0, 2)),
    ...outliers.flatMap(({ examples }) => examples.map(({ row }) => row)),
  ];
  const draft: DataReport = {
    version: dataReportVersion,
    source: source.slice(0, 400),
    format,
    reading: tellReading(table),
    remarks: [
      ...(table.remarks ?? []),
      ...(ragged
        ? [
            `left out ${ragged.count} records that do not have ${columns.length} cells, as ${ragged.first.map(({ line, cells }) => `line ${line} (${cells})`).join(", ")}`,
          ]
        : []),
    ].map((remark) => remark.slice(0, 500)),
    rows,
    sampled: sample.rows,
    ...(target === undefined
      ? {}
      : { target: { column: target, kind: isAmount ? "amount" : "classes", classes } }),
    columns: described,
    missingness: await describeMissingness(
      database,
      columns,
      described.map(({ missing, unreadable }) => missing + unreadable),
    ),
    associations: compareColumns(
      described,
      coded,
      order.filter((place) => described[place].role === "feature"),
    ),
    outliers,
    ...(await showRows(database, columns, order, suspects)),
    duplicates,
    places: findPlaces(columns, sample, isAmount ? at : undefined),
    ...(options.spec ? { cleaning: await countDropped(database, columns, options.spec) } : {}),
    warnings: [],
  };
  // Infinite and undefined figures are no JSON.
  return JSON.parse(JSON.stringify({ ...draft, warnings: findWarnings(draft).slice(0, 300) })) as DataReport;
}
