// A fitted model as ONNX bytes: raw named inputs at one end, the price in the target's unit at the other.
import { InputError } from "#core/api/problem.ts";
import { manifestFormat, type Params } from "#core/bundle/manifest.ts";
import { canonicalJson, type DatasetSpec } from "#core/dataset/spec.ts";
import { GraphBuilder } from "#core/onnx/graph-builder.ts";
import { loadModel } from "#core/onnx/model.ts";
import { labelOutput, predictionOutput, probabilitiesOutput } from "#core/onnx/outputs.ts";
import type { FittedModel } from "../families/family.ts";
import type { Difficulty } from "../intervals/difficulty.ts";
import { roadOf } from "../roads/index.ts";

export interface ExportOptions {
  readonly spec: DatasetSpec;
  readonly family: string;
  readonly specHash: string;
  /** Hash of the data snapshot that the model was fitted on. */
  readonly dataSha256: string;
  readonly params: Params;
  readonly seed: number;
  /** What scales the intervals; without it the graph has no such output. */
  readonly difficulty?: Difficulty;
}

export interface ExportedModel {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Lower-case hex of the bytes' SHA-256. */
  readonly sha256: string;
  readonly id: string;
  readonly metadata: Readonly<Record<string, string>>;
}

async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** `<family>-<first 12 hex digits of the SHA-256 of model.onnx>`: equal models have equal ids. */
export async function modelIdOf(family: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return `${family}-${(await sha256Of(bytes)).slice(0, 12)}`;
}

const outputNames: ReadonlySet<string> = new Set([predictionOutput, labelOutput, probabilitiesOutput]);

/**
 * Writes the graph: one [N,1] input a feature, the family's nodes, and the task's end. Of an amount: a clamp at the target's minimum, the
 * output `prediction` (double), and what scales its interval, `prediction.difficulty` (double). Of classes: `label` and `probabilities`.
 * The same model and options give the same bytes.
 */
export async function exportModel(fitted: FittedModel, options: ExportOptions): Promise<ExportedModel> {
  const { spec } = options;
  const graph = new GraphBuilder();
  const inputs: Record<string, string> = {};
  for (const feature of spec.features) {
    if (outputNames.has(feature.name)) {
      throw new InputError([
        { pointer: "/features", detail: `"${feature.name}" is the model's output, not a feature's name` },
      ]);
    }
    inputs[feature.name] = graph.input(feature.name, feature.type === "number" ? "float" : "string");
  }
  roadOf(spec).finish(graph, spec, inputs, fitted.addTo(graph, inputs), options.difficulty);
  const metadata = {
    dataset: spec.name,
    spec_hash: options.specHash,
    data_sha256: options.dataSha256,
    family: options.family,
    format: String(manifestFormat),
    params: canonicalJson(options.params),
    seed: String(options.seed),
    unit: spec.target.unit,
  };
  const bytes = graph.build(metadata);
  // What the trainer writes, every runtime must be able to read: an op without evaluator shows here, not at the first request.
  loadModel(bytes);
  const sha256 = await sha256Of(bytes);
  return { bytes, sha256, id: `${options.family}-${sha256.slice(0, 12)}`, metadata };
}
