// Against which feature the curve is drawn: the one moved last, where a curve over it says something.

import type { Feature } from "#core/dataset/feature.ts";
import type { Row } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";

function isOrdered(feature: Feature): boolean {
  return feature.type === "number" || feature.ordered;
}

/** `moved` where it is known and ordered, else the spec's main number, else the first such feature; "" where there is none. */
export function whatIfFeature(spec: DatasetSpec, row: Row, moved: string): string {
  const known = spec.features.filter((feature) => row[feature.name] !== undefined && isOrdered(feature));
  const named = (name: string | undefined) => known.find((feature) => feature.name === name)?.name;
  const number = known.find((feature) => feature.type === "number")?.name;
  return named(moved) ?? named(spec.similar?.nearest) ?? number ?? known[0]?.name ?? "";
}
