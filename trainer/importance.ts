// How much each feature moves prices: the mean size of its exact contribution, over a sample of held-out rows.
import type { Explanation } from "#core/bundle/explanation.ts";
import { takeRows } from "#core/dataset/table.ts";
import type { FeatureImportance } from "./card/card-input.ts";
import type { FittedModel } from "./families/family.ts";
import type { PreparedData } from "./prepare.ts";
import { seeded, shuffle } from "./random.ts";
import { roadOf } from "./roads/index.ts";

/** A mean over so many rows is within a few percent of that over all, and TreeSHAP takes milliseconds a row. */
const sampleRows = 500;

/** Gains as families report them: shares by feature. */
function gainsOf(report: Readonly<Record<string, unknown>>): Readonly<Record<string, number>> {
  const { importance } = report;
  return typeof importance === "object" && importance !== null ? (importance as Record<string, number>) : {};
}

/** Importance by feature, in the spec's order; undefined for a model that says nothing of the kind. */
export function measureImportance(
  data: PreparedData,
  model: FittedModel,
  explanation: Explanation | undefined,
): FeatureImportance[] | undefined {
  const { spec, test, seed } = data;
  const order = shuffle(
    Uint32Array.from({ length: test.rows }, (_, row) => row),
    seeded(seed),
  );
  const sample = takeRows(test, order.slice(0, sampleRows));
  if (!explanation) return undefined;
  const features = spec.features.map(({ name }) => name);
  const sizes = roadOf(spec).contributionSizes(spec, explanation, sample);
  const gains = gainsOf(model.report());
  return spec.features.map(({ name }) => {
    const at = features.indexOf(name);
    const gain = gains[name];
    return {
      feature: name,
      meanAbsoluteShap: at < 0 ? 0 : sizes[at],
      ...(typeof gain === "number" ? { gain } : {}),
    };
  });
}
