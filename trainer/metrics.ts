// Regression metrics as manifests carry them: what is undefined for these rows is null, by level too.
import type { Manifest, Metrics } from "#core/bundle/manifest.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { LabelledTable } from "#core/dataset/table.ts";
import { regressionMetrics } from "#core/metrics/regression.ts";

export function measure(actual: ArrayLike<number>, predicted: ArrayLike<number>): Metrics {
  const metrics = regressionMetrics(actual, predicted);
  const known = (value: number) => (Number.isNaN(value) ? null : value);
  return {
    ...metrics,
    meanAbsolutePercentageError: known(metrics.meanAbsolutePercentageError),
    r2Score: known(metrics.r2Score),
  };
}

/** Most segments that a manifest holds; those with the most rows stay. */
const mostSegments = 2000;

/** Metrics for every level of every category that occurs in `table`, in the spec's order. */
export function measureSegments(
  spec: DatasetSpec,
  table: LabelledTable,
  predicted: Float64Array,
): Manifest["metrics"]["segments"] {
  const segments = spec.features.flatMap((feature) => {
    if (feature.type !== "category") return [];
    const column = table.columns[feature.name];
    const byLevel = feature.levels.map((): number[] => []);
    for (let i = 0; i < table.rows; i++) byLevel[column[i]]?.push(i);
    return feature.levels.flatMap((level, code) => {
      const indices = byLevel[code];
      if (indices.length === 0) return [];
      const actual = indices.map((index) => table.target[index]);
      const metrics = measure(
        actual,
        indices.map((index) => predicted[index]),
      );
      return [{ feature: feature.name, level, metrics }];
    });
  });
  if (segments.length <= mostSegments) return segments;
  const least = segments.map(({ metrics }) => metrics.rows).sort((a, b) => b - a)[mostSegments - 1];
  return segments.filter(({ metrics }) => metrics.rows >= least).slice(0, mostSegments);
}
