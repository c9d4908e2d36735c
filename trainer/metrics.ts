// Metrics by level, as manifests carry them.
import type { Manifest } from "#core/bundle/manifest.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { LabelledTable } from "#core/dataset/table.ts";
import { taskOf } from "#core/tasks/index.ts";

/** Most segments that a manifest holds; those with the most rows stay. */
const mostSegments = 2000;

/** Metrics for every level of every category that occurs in `table`, in the spec's order. */
export function measureSegments(
  spec: DatasetSpec,
  table: LabelledTable,
  predicted: Float64Array,
): Manifest["metrics"]["segments"] {
  const task = taskOf(spec);
  const width = task.width(spec);
  const segments = spec.features.flatMap((feature) => {
    if (feature.type !== "category") return [];
    const column = table.columns[feature.name];
    const byLevel = feature.levels.map((): number[] => []);
    for (let i = 0; i < table.rows; i++) byLevel[column[i]]?.push(i);
    return feature.levels.flatMap((level, code) => {
      const indices = byLevel[code];
      if (indices.length === 0) return [];
      const actual = indices.map((index) => table.target[index]);
      const own = indices.flatMap((index) => [...predicted.subarray(index * width, (index + 1) * width)]);
      const metrics = task.measure(spec, actual, own);
      return [{ feature: feature.name, level, metrics }];
    });
  });
  if (segments.length <= mostSegments) return segments;
  const least = segments.map(({ metrics }) => metrics.rows).sort((a, b) => b - a)[mostSegments - 1];
  return segments.filter(({ metrics }) => metrics.rows >= least).slice(0, mostSegments);
}
