// A dataset spec from a table and the name of its target: types, bounds, words, what is left out and why.
import { InputError, quoted } from "#core/api/problem.ts";
import { Feature } from "#core/dataset/feature.ts";
import { checkSpec, type DatasetSpec, type TaskName } from "#core/dataset/spec.ts";
import { cellReader, type Value } from "../reading/cell-readers.ts";
import type { RawTable } from "../reading/raw-table.ts";
import { type ColumnProfile, profileColumn } from "./column-profile.ts";
import { type ColumnType, findColumnType } from "./column-type.ts";
import { degreesOf, featureOf, readingOf } from "./feature-of.ts";
import { fieldNames, findColumn, titleOfHeader } from "./field-names.ts";
import { describeClasses, type Goal, inferTarget, isTarget, targetColumns } from "./infer-target.ts";
import { findCopies, judgeColumn, whyUseless } from "./left-out.ts";
import { typicalRow } from "./typical-row.ts";

export interface InferenceOptions {
  readonly target: string;
  /** What to predict it as; from its values where it is left out. */
  readonly task?: TaskName;
  readonly name: string;
  /** What dataset.json names as its source. */
  readonly path: string;
  /** Columns that stay whatever speaks against them. */
  readonly keep?: readonly string[];
  /** Columns that are left out whatever they hold. */
  readonly drop?: readonly string[];
  /** Texts that stand for nothing, beside the usual ones. */
  readonly missing?: readonly string[];
  /** Formats of dates by column. */
  readonly dates?: Readonly<Record<string, string>>;
}

export interface Inference {
  /** As dataset.json is written, before defaults. */
  readonly document: Record<string, unknown>;
  readonly spec: DatasetSpec;
  readonly leftOut: readonly { readonly column: string; readonly reason: string }[];
  /** What was decided, one sentence each. */
  readonly remarks: readonly string[];
}

const sampleRows = 20_000;
const mostRequired = 8;
const fewestRows = 20;

/** A column with its type; those that are left out have a reason. */
interface Candidate {
  readonly profile: ColumnProfile;
  readonly type: ColumnType;
}

/** Skewness of the numbers: 0 where both tails are alike. */
function skewness(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const moment = (power: number) =>
    values.reduce((sum, value) => sum + (value - mean) ** power, 0) / values.length;
  const spread = moment(2);
  return spread === 0 ? 0 : moment(3) / spread ** 1.5;
}

/** Prices that span orders of magnitude are fitted on their logarithms. */
function wantsLog(values: readonly number[]): boolean {
  if (values.some((value) => value <= 0)) return false;
  const raw = skewness(values);
  return raw > 0.8 && Math.abs(skewness(values.map(Math.log))) < raw;
}

async function sampleTexts(table: RawTable, columns: readonly number[]): Promise<(string | null)[][]> {
  const list = columns.map((at) => `c${at}`).join(", ");
  // A fixed share by hash of the row's place: the same sample every time.
  const every = Math.max(1, Math.floor(table.rows / sampleRows));
  return (await table.database.rows(
    `SELECT ${list} FROM (SELECT *, row_number() OVER () AS place FROM raw) WHERE place % ${every} = 0`,
  )) as (string | null)[][];
}

const valueOr = (read: (text: string | null) => Value, text: string | null): Value => {
  try {
    return read(text);
  } catch {
    return undefined;
  }
};

export async function inferSpec(table: RawTable, options: InferenceOptions): Promise<Inference> {
  const { columns, found, format, source } = table;
  if (table.rows === 0)
    throw new InputError(`${source}: a header and no rows; expected at least ${fewestRows} rows`);
  if (table.rows < fewestRows)
    throw new InputError(`${source}: expected at least ${fewestRows} rows; got ${table.rows}`);
  if (columns.length < 2)
    throw new InputError(`${source}: expected a target and at least one other column; got 1 column`);
  const target = findColumn(columns, options.target, "--target");
  const kept = new Set((options.keep ?? []).map((name) => findColumn(columns, name, "--keep")));
  const dropped = new Set((options.drop ?? []).map((name) => findColumn(columns, name, "--drop")));
  const dates = new Map(
    Object.entries(options.dates ?? {}).map(([name, date]) => [findColumn(columns, name, "--date"), date]),
  );
  const leftOut: { column: string; reason: string }[] = [];
  const candidates: Candidate[] = [];
  let goal: { profile: ColumnProfile; type: ColumnType; of: Goal } | undefined;
  for (let at = 0; at < columns.length; at++) {
    const column = columns[at];
    if (dropped.has(column)) {
      leftOut.push({ column, reason: "as asked for" });
      continue;
    }
    const profile = await profileColumn(table, at, options.missing);
    const choice = { decimal: found.decimal, date: dates.get(column) };
    const type = profile.values.length > 0 ? findColumnType(profile, choice) : undefined;
    if (column === target) {
      const of = inferTarget(profile, type, options.task);
      goal = { profile, type: of.type, of };
      continue;
    }
    const reason = whyUseless(profile, type);
    if (type === undefined || type.type === "none" || (reason && !kept.has(column))) {
      leftOut.push({ column, reason: reason ?? "every value is missing" });
    } else candidates.push({ profile, type });
  }
  if (!goal) throw new InputError(`--target: ${quoted(target)} is dropped`);
  const copies = await findCopies(
    table,
    candidates.map(({ profile }) => profile),
  );
  const single = candidates.filter(({ profile: { column } }) => {
    const original = copies.get(column);
    if (original === undefined || kept.has(column)) return true;
    leftOut.push({ column, reason: `the same as ${original}` });
    return false;
  });

  const readings = Object.fromEntries(
    [...single, goal].flatMap(({ profile: { column }, type }) => {
      const reading = readingOf(type);
      return reading ? [[column, reading]] : [];
    }),
  );
  const { format: _, ...settled } = found;
  const reading = {
    format,
    path: options.path,
    ...settled,
    ...(options.missing ? { missing: [...options.missing] } : {}),
    columns: readings,
  } as DatasetSpec["source"];
  const names = fieldNames([target, ...single.map(({ profile }) => profile.column)]);
  const texts = await sampleTexts(table, [goal.profile.at, ...single.map(({ profile }) => profile.at)]);
  const { of } = goal;
  const isAmount = of.task === "regression";
  const readTarget = cellReader(reading, target, isAmount ? { type: "number" } : { type: "category" });
  const rows = texts.filter(([text]) => isTarget(of, valueOr(readTarget, text)));
  const targets = targetColumns(
    of,
    rows.map(([text]) => valueOr(readTarget, text)),
  );
  const judged = single.flatMap((candidate, place) => {
    const { profile, type } = candidate;
    if (type.type === "none") return [];
    const draft = featureOf(profile, type, { name: names[place + 1], required: false, example: undefined });
    const read = cellReader(reading, profile.column, Feature.parse(draft));
    const values = rows.map((cells) => valueOr(read, cells[place + 1]));
    const { share, leak } = judgeColumn(profile.column, values, target, targets);
    if (leak && !kept.has(profile.column)) {
      leftOut.push({ column: profile.column, reason: leak });
      return [];
    }
    return [{ profile, type, values, share, name: names[place + 1] }];
  });
  if (judged.length === 0) {
    throw new InputError(
      `${source}: no column is left to learn from: ${leftOut
        .slice(0, 3)
        .map(({ column, reason }) => `${column.slice(0, 60)} (${reason})`)
        .join("; ")}`,
    );
  }
  const complete = judged.filter(({ profile, type }) => profile.missing === 0 && type.marks.length === 0);
  const required = new Set(
    [...complete]
      .sort((a, b) => b.share - a.share)
      .slice(0, mostRequired)
      .map(({ name }) => name),
  );
  // A position is known or not as one: both numbers are required, or neither.
  const axis = (most: number) =>
    judged.filter(({ profile, type }) => degreesOf(profile.column, type) === most);
  const [latitude, longitude] = [axis(90), axis(180)];
  const hasPlace = latitude.length === 1 && longitude.length === 1;
  if (hasPlace && required.has(latitude[0].name) !== required.has(longitude[0].name)) {
    required.delete(latitude[0].name);
    required.delete(longitude[0].name);
  }
  const typical = typicalRow(judged.map(({ values }) => values));
  const features = judged.map(({ profile, type, name, values }) =>
    featureOf(profile, type, {
      name,
      required: required.has(name),
      example: typical < 0 ? undefined : values[typical],
    }),
  );
  const isLog = isAmount && wantsLog(targets[0]);
  const unit =
    (isAmount ? of.type.unit : undefined) ?? /[([]([^)\]]{1,20})[)\]]\s*$/.exec(target)?.[1] ?? "units";
  const document = {
    name: options.name,
    title: titleOfHeader(options.name.replaceAll("-", " ")),
    version: 1,
    task: of.task,
    source: {
      ...reading,
      ...(Object.keys(readings).length > 0 ? {} : { columns: undefined }),
      ...(table.ragged ? { ragged: "skip" } : {}),
      ...(leftOut.length > 0
        ? {
            leftOut: leftOut.map(({ column, reason }) => ({
              column: column.slice(0, 200),
              reason: reason.slice(0, 500),
            })),
          }
        : {}),
    },
    target: {
      name: names[0],
      ...(names[0] === target ? {} : { column: target }),
      title: titleOfHeader(target),
      ...(isAmount
        ? {
            unit: unit.slice(0, 40),
            transform: isLog ? "log" : "none",
            ...(isLog ? { minimum: Number((of.type.minimum / 2).toPrecision(2)) } : {}),
          }
        : describeClasses(of)),
    },
    features,
    ...(hasPlace
      ? {
          places: [
            {
              name: names.includes("position") ? "map_position" : "position",
              title: "Position",
              latitude: latitude[0].name,
              longitude: longitude[0].name,
            },
          ],
        }
      : {}),
    clean: ["missing-target", "missing-required", "invalid-level", "out-of-range", "duplicate"],
    split: { testShare: 0.2, seed: 42 },
  };
  const plain = JSON.parse(JSON.stringify(document)) as Record<string, unknown>;
  return {
    document: plain,
    spec: checkSpec(plain),
    leftOut,
    remarks: tellDecisions(table, target, of, isLog),
  };
}

function tellDecisions(
  { found, format, rows, columns, ragged, remarks }: RawTable,
  target: string,
  goal: Goal,
  isLog: boolean,
): string[] {
  const dialect =
    format === "csv"
      ? `, ${found.encoding}, separator ${JSON.stringify(found.separator)}, decimal ${JSON.stringify(found.decimal)}`
      : "";
  return [
    `read ${rows} rows of ${columns.length} columns as ${format}${dialect}`,
    ...(remarks ?? []),
    ...(ragged
      ? [
          `left out ${ragged.count} records that do not have ${columns.length} cells, as ${ragged.first.map(({ line, cells }) => `line ${line} (${cells})`).join(", ")}`,
        ]
      : []),
    ...(goal.task === "regression"
      ? []
      : [
          `${target} has ${goal.levels.length} classes`,
          ...goal.rare.map(
            ([text, count]) => `left out the class ${quoted(text)}, which only ${count} rows are of`,
          ),
        ]),
    ...(isLog ? [`${target} is fitted on its logarithm, since it is skewed`] : []),
  ];
}
