// What explain.json makes of the golden rows, in one call, so that Node, workerd and Chromium run the very same one.
import type { PriceExplanation } from "#core/api/explanation.ts";
import type { Row } from "#core/dataset/row.ts";
import { checkSpec } from "#core/dataset/spec.ts";
import { compileExplainer } from "#core/explain/price-explanation.ts";

/** Explains each price of each row; `file` is the text of explain.json. */
export function explainAll(
  spec: unknown,
  file: string,
  rows: readonly unknown[],
  prices: readonly number[],
): PriceExplanation[] {
  const explainer = compileExplainer(checkSpec(spec), JSON.parse(file));
  return rows.map((row, at) => explainer.explain(row as Row, prices[at]));
}

/** The contributions of an explanation in the spec's order, so that a digit that differs is found at a glance. */
export function contributionsIn(names: readonly string[], { steps }: PriceExplanation): number[] {
  return names.map((name) => steps.find(({ feature }) => feature === name)?.contribution ?? Number.NaN);
}
