// The gate of every export: onnxruntime, our evaluator and the family's own arithmetic must price every row alike.
import { agreement, relativeDifference } from "#core/bundle/manifest.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Table } from "#core/dataset/table.ts";
import { feedsOfTable } from "#core/onnx/feeds.ts";
import { loadModel } from "#core/onnx/model.ts";
import { difficultyOutput, predictionOutput } from "#core/onnx/outputs.ts";
import { taskOf } from "#core/tasks/index.ts";
import type { FittedModel } from "../families/family.ts";
import { ExportDisagreement } from "./export-disagreement.ts";
import { runInOnnxruntime } from "./runtime.ts";

export interface Verdict {
  readonly rows: number;
  /** Largest relative differences to onnxruntime's price, and the rows where they are. */
  readonly evaluator: { readonly difference: number; readonly row: number };
  readonly native: { readonly difference: number; readonly row: number };
  /** Share of the rows whose difficulty onnxruntime sees otherwise; 0 for a graph without. */
  readonly difficulties: number;
  /** onnxruntime's prices, one a row. */
  readonly prices: Float64Array;
}

/** A price that is a last digit off may fall on the other side of a split of the difficulty's trees, but seldom. */
const mostDifficultiesApart = 0.01;

function worst(actual: Float64Array, reference: Float64Array): { difference: number; row: number } {
  let difference = 0;
  let row = 0;
  for (let i = 0; i < reference.length; i++) {
    const own = relativeDifference(actual[i], reference[i]);
    if (own > difference) {
      difference = own;
      row = i;
    }
  }
  return { difference, row };
}

function shareApart(actual: Float64Array | undefined, reference: Float64Array | undefined): number {
  if (!actual || !reference) return 0;
  const apart = actual.filter((value, row) => relativeDifference(value, reference[row]) > agreement);
  return apart.length / actual.length;
}

/** Prices every row of `table` three ways: onnxruntime, our evaluator, and `fitted.predict`, settled as the graph's are. */
export async function judge(
  bytes: Uint8Array,
  spec: DatasetSpec,
  table: Table,
  fitted: Pick<FittedModel, "predict">,
): Promise<Verdict> {
  const feeds = feedsOfTable(spec, table);
  const judged = await runInOnnxruntime(bytes, feeds, table.rows);
  const own = loadModel(bytes).run(feeds, table.rows);
  const prices = judged[predictionOutput];
  const native = taskOf(spec).settle(spec, fitted.predict(table));
  return {
    rows: table.rows,
    evaluator: worst(own[predictionOutput], prices),
    native: worst(native, prices),
    difficulties: shareApart(own[difficultyOutput], judged[difficultyOutput]),
    prices,
  };
}

/** Judges, and throws ExportDisagreement naming the row where the prices are further apart than `agreement`. */
export async function checkExport(
  bytes: Uint8Array,
  spec: DatasetSpec,
  table: Table,
  fitted: Pick<FittedModel, "predict">,
): Promise<Verdict> {
  const verdict = await judge(bytes, spec, table, fitted);
  for (const [who, { difference, row }] of [
    ["the evaluator", verdict.evaluator],
    ["the family itself", verdict.native],
  ] as const) {
    if (difference > agreement) {
      throw new ExportDisagreement(
        `row ${row + 1}: ${who} and onnxruntime differ by ${difference} relative; at most ${agreement} is allowed`,
      );
    }
  }
  if (verdict.difficulties > mostDifficultiesApart) {
    throw new ExportDisagreement(
      `the evaluator and onnxruntime differ in ${difficultyOutput} on a share of ${verdict.difficulties} of the rows; at most ${mostDifficultiesApart} is allowed`,
    );
  }
  return verdict;
}
