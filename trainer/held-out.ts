// How far off a model is on every held-out row, as its bundle keeps it for later comparisons.
import type { HeldOutErrors } from "#core/bundle/held-out.ts";
import { takeSnapshot } from "./dataset/snapshot.ts";
import type { PreparedData } from "./prepare.ts";

/** `predicted` has one price a row of `data.test`; the errors come in the order of the rows' canonical CSV, whatever the split's. */
export async function heldOutErrors(
  { spec, testRows }: PreparedData,
  predicted: Float64Array,
): Promise<HeldOutErrors> {
  const { rows, sha256 } = await takeSnapshot(spec, testRows);
  const indexOf = new Map(testRows.map((row, index) => [row, index]));
  const errors = Float32Array.from(rows, (row) => predicted[indexOf.get(row)!] - row.target);
  return { rowsSha256: sha256, errors };
}
