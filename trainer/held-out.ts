// How far off a model is on every held-out row, as its bundle keeps it for later comparisons.
import type { HeldOutErrors } from "#core/bundle/held-out.ts";
import { taskOf } from "#core/tasks/index.ts";
import { takeSnapshot } from "./dataset/snapshot.ts";
import type { PreparedData } from "./prepare.ts";

/** `predicted` is of `testRows`; the errors come in the order of the rows' canonical CSV, whatever the split's. */
export async function heldOutErrors(
  { spec, testRows }: PreparedData,
  predicted: Float64Array,
): Promise<HeldOutErrors> {
  const { rows, sha256 } = await takeSnapshot(spec, testRows);
  const indexOf = new Map(testRows.map((row, index) => [row, index]));
  const actual = testRows.map(({ target }) => target);
  const residuals = taskOf(spec).residuals(spec, actual, predicted);
  const errors = Float32Array.from(rows, (row) => residuals[indexOf.get(row)!]);
  return { rowsSha256: sha256, errors };
}
