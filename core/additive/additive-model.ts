// A weighted sum of features, as linear models of other libraries are: how it predicts, and how it stands in an ONNX graph.
import * as z from "zod";
import { InputError, toPointer } from "../api/problem.ts";
import type { DatasetSpec } from "../dataset/spec.ts";
import type { Table } from "../dataset/table.ts";
import type { GraphBuilder } from "../onnx/graph-builder.ts";
import { elementTypeCodes } from "../onnx/tensor.ts";

const AdditiveTerm = z.object({
  feature: z.string(),
  /** Per unit of a number, or per step from one level of a category to the next, counted from 0. */
  weight: z.number(),
  /** What a missing value counts as. */
  missing: z.number(),
  /** Over the training rows: where contributions are measured from. */
  mean: z.number(),
});

export const AdditiveModel = z.object({
  intercept: z.number(),
  terms: z.array(AdditiveTerm).min(1).max(4096),
});

export type AdditiveTerm = z.infer<typeof AdditiveTerm>;
export type AdditiveModel = z.infer<typeof AdditiveModel>;

/** Reads the model from explain.json. Throws InputError where it is not sound or names other features than `spec`. */
export function parseAdditive(spec: DatasetSpec, value: unknown): AdditiveModel {
  const result = AdditiveModel.safeParse(value);
  if (!result.success) {
    throw new InputError(
      result.error.issues.map(({ path, message }) => ({ pointer: toPointer(path), detail: message })),
    );
  }
  result.data.terms.forEach(({ feature }, term) => {
    if (spec.features.some(({ name }) => name === feature)) return;
    throw new InputError([
      { pointer: `/terms/${term}/feature`, detail: `expected a feature of ${spec.name}` },
    ]);
  });
  return result.data;
}

/** What each term of row `index` multiplies its weight with. */
export function termValues({ terms }: AdditiveModel, table: Table, index: number): Float64Array {
  return Float64Array.from(terms, ({ feature, missing }) => {
    const column = table.columns[feature];
    const value = column[index];
    const isMissing = column instanceof Float32Array ? Number.isNaN(value) : value < 0;
    return isMissing ? missing : value;
  });
}

/** Margins of every row: doubles, the terms added in order to the intercept. */
export function additiveMargins(model: AdditiveModel, table: Table): Float64Array {
  return Float64Array.from({ length: table.rows }, (_, index) =>
    termValues(model, table, index).reduce(
      (sum, value, at) => sum + value * model.terms[at].weight,
      model.intercept,
    ),
  );
}

/** Adds the margin to a graph, term by term as `additiveMargins` does; returns a [N,1] double value. */
export function addAdditive(
  graph: GraphBuilder,
  spec: DatasetSpec,
  { intercept, terms }: AdditiveModel,
  inputs: Readonly<Record<string, string>>,
): string {
  const scalar = (value: number) => graph.constant("double", [], [value]);
  return terms.reduce((sum, { feature, weight, missing }) => {
    const number = graph.node("Cast", [numberOf(graph, spec, feature, inputs[feature])], {
      to: { int: elementTypeCodes.double },
    });
    const given = graph.node("Where", [graph.node("IsNaN", [number]), scalar(missing), number]);
    return graph.node("Add", [sum, graph.node("Mul", [given, scalar(weight)])]);
  }, scalar(intercept));
}

function numberOf(graph: GraphBuilder, spec: DatasetSpec, name: string, input: string): string {
  const feature = spec.features.find((one) => one.name === name);
  if (feature?.type !== "category") return input;
  const attributes = {
    keys_strings: { strings: feature.levels },
    values_floats: { floats: feature.levels.map((_, level) => level) },
    default_float: { float: Number.NaN },
  };
  return graph.node("LabelEncoder", [input], attributes, { domain: "ai.onnx.ml" });
}
