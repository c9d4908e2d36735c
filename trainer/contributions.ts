// Contributions of every feature to the predictions of many rows, from what explain.json holds.
import type { Explanation } from "#core/bundle/explanation.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Table } from "#core/dataset/table.ts";
import { compileContributor } from "#core/explain/contributions.ts";

/** Contributions on the scale that is fitted: a row's sum to its distance from the average training row. */
interface Contributions {
  /** Those of the spec. */
  readonly features: readonly string[];
  /** [rows, features]. */
  readonly values: Float64Array;
}

/** What each feature adds to each price, from what explain.json holds: whoever downloads the bundle can compute it too. */
export function contributionsOf(spec: DatasetSpec, explanation: Explanation, table: Table): Contributions {
  const features = spec.features.map(({ name }) => name);
  const explainRow = compileContributor(spec, explanation).over(table);
  const values = new Float64Array(table.rows * features.length);
  for (let row = 0; row < table.rows; row++) values.set(explainRow(row).contributions, row * features.length);
  return { features, values };
}
