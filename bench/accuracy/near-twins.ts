// A split that keeps near-twins together: things so alike that one of them tells the other's price, which no model deserves credit for.
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { type LabelledTable, takeRows, toTable } from "#core/dataset/table.ts";
import type { PreparedData } from "../../trainer/prepare.ts";
import { seeded, shuffle } from "../../trainer/random.ts";

/** How far two numbers may be apart, relative to the larger: two measurements of one thing. */
const tolerance = 0.01;

/** Whether rows agree in every number: within the tolerance, or missing in both. */
function areAlike(columns: readonly Float32Array[], a: number, b: number): boolean {
  return columns.every((column) => {
    const [left, right] = [column[a], column[b]];
    if (Number.isNaN(left) || Number.isNaN(right)) return Number.isNaN(left) && Number.isNaN(right);
    return Math.abs(left - right) <= tolerance * Math.max(Math.abs(left), Math.abs(right));
  });
}

/**
 * The group of every row: near-twins have equal required features and equal categories, and their other numbers within 1 %. Twins of
 * twins are of one group, however far apart they are themselves.
 */
export function groupNearTwins(spec: DatasetSpec, table: LabelledTable): Uint32Array {
  const isExact = ({ type, required }: DatasetSpec["features"][number]) => required || type === "category";
  const exact = spec.features.filter(isExact).map(({ name }) => table.columns[name]);
  const close = spec.features
    .filter((feature) => !isExact(feature))
    .map(({ name }) => table.columns[name] as Float32Array);
  const groups = Uint32Array.from({ length: table.rows }, (_, row) => row);
  const rootOf = (row: number): number => {
    while (groups[row] !== row) row = groups[row] = groups[groups[row]];
    return row;
  };
  const byKey = new Map<string, number[]>();
  for (let row = 0; row < table.rows; row++) {
    const key = exact.map((column) => column[row]).join();
    const others = byKey.get(key) ?? [];
    for (const other of others) if (areAlike(close, row, other)) groups[rootOf(row)] = rootOf(other);
    others.push(row);
    byKey.set(key, others);
  }
  return groups.map((_, row) => rootOf(row));
}

export interface TwinSplit {
  readonly data: PreparedData;
  /** Share of the spec's own held-out rows that have a near-twin among its training rows. */
  readonly twinned: number;
}

/** The same rows, with every group of near-twins on one side; the seed and the share are those of the spec's split. */
export function splitNearTwins(data: PreparedData): TwinSplit {
  const { spec, snapshot, seed } = data;
  const all: LabelledTable = {
    ...toTable(
      spec,
      snapshot.rows.map(({ features }) => features),
    ),
    target: Float64Array.from(snapshot.rows, ({ target }) => target),
  };
  const groups = groupNearTwins(spec, all);
  const places = new Map(snapshot.rows.map((row, index) => [row, index]));
  const groupsOf = (rows: PreparedData["trainRows"]) => rows.map((row) => groups[places.get(row)!]);
  const seen = new Set(groupsOf(data.trainRows));
  const twinned = groupsOf(data.testRows).filter((group) => seen.has(group)).length / data.testRows.length;
  const members = new Map<number, number[]>();
  groups.forEach((group, row) => {
    const rows = members.get(group) ?? [];
    rows.push(row);
    members.set(group, rows);
  });
  const wanted = Math.round(all.rows * spec.split.testShare);
  const test: number[] = [];
  const train: number[] = [];
  for (const rows of shuffle([...members.values()], seeded(seed)))
    (test.length < wanted ? test : train).push(...rows);
  const part = (indices: number[]) => {
    const sorted = Int32Array.from(indices).sort();
    return { table: takeRows(all, sorted), rows: Array.from(sorted, (index) => snapshot.rows[index]) };
  };
  const [own, held] = [part(train), part(test)];
  return {
    data: { ...data, train: own.table, trainRows: own.rows, test: held.table, testRows: held.rows },
    twinned,
  };
}
