// From raw rows to what training sees: cleaned, named by hash, split, as columns.
import { InputError } from "#core/api/problem.ts";
import type { CleaningReport } from "#core/bundle/manifest.ts";
import { canonicalSpec, type DatasetSpec } from "#core/dataset/spec.ts";
import { type LabelledTable, takeRows, toTable } from "#core/dataset/table.ts";
import { taskOf } from "#core/tasks/index.ts";
import { checkClasses } from "./dataset/class-counts.ts";
import { type CleanRow, clean } from "./dataset/clean.ts";
import type { RawRow } from "./dataset/raw-row.ts";
import { type Snapshot, sha256Hex, takeSnapshot } from "./dataset/snapshot.ts";
import { splitRows } from "./dataset/split.ts";

export interface PreparedData {
  readonly spec: DatasetSpec;
  readonly specHash: string;
  readonly seed: number;
  readonly cleaning: CleaningReport;
  readonly snapshot: Snapshot;
  readonly train: LabelledTable;
  readonly test: LabelledTable;
  /** The rows of `train` and `test`, in their order. */
  readonly trainRows: readonly CleanRow[];
  readonly testRows: readonly CleanRow[];
}

/** Fewer rows than this give no held-out part worth a metric. */
const fewestRows = 20;

export async function hashSpec(spec: DatasetSpec): Promise<string> {
  return sha256Hex(new TextEncoder().encode(canonicalSpec(spec)));
}

/**
 * Cleans, sorts and splits; the outcome depends on which rows there are, not on their order. `seed` also decides the split.
 * Throws InputError where too few rows are left.
 */
export async function prepareData(
  spec: DatasetSpec,
  rows: AsyncIterable<RawRow> | Iterable<RawRow>,
  seed: number,
): Promise<PreparedData> {
  const cleaned = await clean(spec, rows);
  if (cleaned.rows.length < fewestRows) {
    const { read, kept } = cleaned.report;
    throw new InputError(
      `expected at least ${fewestRows} rows after cleaning; got ${kept} of the ${read} that were read`,
    );
  }
  const snapshot = await takeSnapshot(spec, cleaned.rows);
  const features = snapshot.rows.map((row) => row.features);
  const all: LabelledTable = {
    ...toTable(spec, features),
    target: Float64Array.from(snapshot.rows, (row) => row.target),
  };
  checkClasses(spec, all.target);
  const strata = taskOf(spec).strata(all.target);
  const split = splitRows(spec, features, { testShare: spec.split.testShare, seed, strata });
  if (split.train.length === 0 || split.test.length === 0) {
    throw new InputError(
      "expected rows that differ: all are equal in every feature, so none can be held out",
    );
  }
  return {
    spec,
    specHash: await hashSpec(spec),
    seed,
    cleaning: cleaned.report,
    snapshot,
    train: takeRows(all, split.train),
    test: takeRows(all, split.test),
    trainRows: Array.from(split.train, (index) => snapshot.rows[index]),
    testRows: Array.from(split.test, (index) => snapshot.rows[index]),
  };
}
