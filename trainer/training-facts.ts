// What the bundle tells forms of its training rows: a typical one, the quantiles of the numbers, what matters.
import { quantileShares, type TrainingFacts } from "#core/bundle/training-facts.ts";
import { numberOf } from "#core/dataset/feature-value.ts";
import type { Row } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Table } from "#core/dataset/table.ts";
import { quantileOf } from "#core/metrics/quantile.ts";
import type { FeatureImportance } from "./card/card-input.ts";
import { typicalRow } from "./tables/inferring/typical-row.ts";

/** Enough to know the middle of every feature; all rows of a large table take seconds to sort. */
const sampleRows = 20_000;

/** Every n-th of `count` rows, so that at most `sampleRows` are taken. */
function spreadOver(count: number): number[] {
  const stride = Math.max(1, Math.ceil(count / sampleRows));
  return Array.from({ length: Math.ceil(count / stride) }, (_, at) => at * stride);
}

function findTypical(spec: DatasetSpec, rows: readonly Row[]): Row | null {
  const required = spec.features.filter((feature) => feature.required);
  const complete = rows.filter((row) => required.every(({ name }) => row[name] !== undefined));
  const columns = spec.features.map((feature) =>
    complete.map((row) => {
      if (feature.type === "category") return row[feature.name];
      const value = numberOf(feature, row[feature.name]);
      return Number.isNaN(value) ? undefined : value;
    }),
  );
  return complete[typicalRow(columns)] ?? null;
}

function quantilesOf(spec: DatasetSpec, table: Table): TrainingFacts["quantiles"] {
  const quantiles: Record<string, number[]> = {};
  for (const { name, type } of spec.features) {
    if (type !== "number") continue;
    const known = Float32Array.from(table.columns[name])
      .filter((value) => !Number.isNaN(value))
      .sort();
    if (known.length === 0) continue;
    // Columns are float32: seven digits are all that they mean.
    quantiles[name] = quantileShares.map((share) => Number(quantileOf(known, share).toPrecision(7)));
  }
  return quantiles;
}

/** Shares of 1 by feature, from what the card draws; null where nothing is known or nothing matters. */
function sharesOf(importance: readonly FeatureImportance[] | undefined): Record<string, number> | null {
  const sizes = (importance ?? []).map(
    ({ feature, meanAbsoluteShap = 0 }) => [feature, meanAbsoluteShap] as const,
  );
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  if (!(total > 0)) return null;
  return Object.fromEntries(sizes.map(([feature, size]) => [feature, Number((size / total).toPrecision(4))]));
}

/** Facts of the training rows, which `table` holds as columns; the typical one is looked for in a sample where there are many. */
export function trainingFacts(
  spec: DatasetSpec,
  rows: readonly { readonly features: Row }[],
  table: Table,
  importance: readonly FeatureImportance[] | undefined,
): TrainingFacts {
  return {
    typical: findTypical(
      spec,
      spreadOver(rows.length).map((at) => rows[at].features),
    ),
    importance: sharesOf(importance),
    quantiles: quantilesOf(spec, table),
  };
}
