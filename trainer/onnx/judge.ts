// The gate of every export: onnxruntime, our evaluator and the family's own arithmetic must price every row alike.
import { agreement, relativeDifference } from "#core/bundle/manifest.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Table } from "#core/dataset/table.ts";
import { feedsOfTable } from "#core/onnx/feeds.ts";
import { type Feeds, loadModel, type OnnxModel } from "#core/onnx/model.ts";
import { difficultyOutput, labelOutput, predictionOutput, probabilitiesOutput } from "#core/onnx/outputs.ts";
import { taskOf } from "#core/tasks/index.ts";
import type { FittedModel } from "../families/family.ts";
import { ExportDisagreement } from "./export-disagreement.ts";
import { runInOnnxruntime, textsInOnnxruntime } from "./runtime.ts";

export interface Verdict {
  readonly rows: number;
  /** Largest relative differences to onnxruntime's price, and the rows where they are. */
  readonly evaluator: { readonly difference: number; readonly row: number };
  readonly native: { readonly difference: number; readonly row: number };
  /** Share of the rows whose difficulty onnxruntime sees otherwise; 0 for a graph without. */
  readonly difficulties: number;
  /** Rows whose label onnxruntime sees otherwise though two classes are not as good as equal; 0 for an amount. */
  readonly labels: number;
  /** onnxruntime's predictions, row after row. */
  readonly prices: Float64Array;
}

/** A price that is a last digit off may fall on the other side of a split of the difficulty's trees, but seldom. */
const mostDifficultiesApart = 0.01;

function worst(
  actual: Float64Array,
  reference: Float64Array,
  width: number,
): { difference: number; row: number } {
  let difference = 0;
  let row = 0;
  for (let i = 0; i < reference.length; i++) {
    const own = relativeDifference(actual[i], reference[i]);
    if (own > difference) {
      difference = own;
      row = Math.floor(i / width);
    }
  }
  return { difference, row };
}

function shareApart(actual: Float64Array | undefined, reference: Float64Array | undefined): number {
  if (!actual || !reference) return 0;
  const apart = actual.filter((value, row) => relativeDifference(value, reference[row]) > agreement);
  return apart.length / actual.length;
}

/** Counts the rows where our evaluator's label is not onnxruntime's, those of near ties left out. */
async function labelsApart(
  bytes: Uint8Array,
  model: OnnxModel,
  feeds: Feeds,
  probabilities: Float64Array,
): Promise<number> {
  const rows = probabilities.length / model.width;
  const own = model.texts(feeds, rows)[labelOutput];
  if (!own) return 0;
  const judged = (await textsInOnnxruntime(bytes, feeds, rows))[labelOutput];
  return own.filter((label, row) => {
    const [first, second] = Array.from(
      probabilities.subarray(row * model.width, (row + 1) * model.width),
    ).sort((a, b) => b - a);
    return label !== judged[row] && first - second > agreement;
  }).length;
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
  const model = loadModel(bytes);
  const own = model.run(feeds, table.rows);
  const output = predictionOutput in own ? predictionOutput : probabilitiesOutput;
  const prices = judged[output];
  const native = taskOf(spec).settle(spec, fitted.predict(table));
  return {
    rows: table.rows,
    evaluator: worst(own[output], prices, model.width),
    native: worst(native, prices, model.width),
    labels: await labelsApart(bytes, model, feeds, prices),
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
  if (verdict.labels > 0)
    throw new ExportDisagreement(
      `the evaluator and onnxruntime differ in the label of ${verdict.labels} rows; none is allowed`,
    );
  if (verdict.difficulties > mostDifficultiesApart) {
    throw new ExportDisagreement(
      `the evaluator and onnxruntime differ in ${difficultyOutput} on a share of ${verdict.difficulties} of the rows; at most ${mostDifficultiesApart} is allowed`,
    );
  }
  return verdict;
}
