// Main effects as nodes of an ONNX graph: the double operations of main-effects.ts, a lookup a category and one product for all numbers.
import type { DatasetSpec } from "../dataset/spec.ts";
import type { GraphBuilder } from "../onnx/graph-builder.ts";
import { elementTypeCodes } from "../onnx/tensor.ts";
import { addLookup } from "./level-columns.ts";
import { hingesOf, type MainEffect, type MainEffects } from "./main-effects.ts";

type NumberEffect = MainEffect & { type: "number" };

/** Adds the road from `inputs` (as addEnsemble has them) to the margins that a booster starts from: a [N,1] double value. */
export function addMainEffects(
  graph: GraphBuilder,
  spec: DatasetSpec,
  { intercept, effects }: MainEffects,
  inputs: Readonly<Record<string, string>>,
): string {
  const toDouble = (value: string) => graph.node("Cast", [value], { to: { int: elementTypeCodes.double } });
  const parts = effects.map((effect) => {
    if (effect.type === "number") return addNumber(graph, effect, inputs[effect.feature], toDouble);
    const feature = spec.features.find(({ name }) => name === effect.feature);
    const levels = feature?.type === "category" ? feature.levels : [];
    return toDouble(addLookup(graph, inputs[effect.feature], levels, effect.values, effect.missing));
  });
  const start = graph.constant("double", [], [intercept]);
  if (parts.length === 0) throw new RangeError("expected at least one effect");
  const side = parts.length === 1 ? parts[0] : graph.node("Concat", parts, { axis: { int: 1 } });
  const total = graph.node("ReduceSum", [side, graph.constant("int64", [1], [1])], { keepdims: { int: 1 } });
  return graph.node("Add", [total, start]);
}

function addNumber(
  graph: GraphBuilder,
  effect: NumberEffect,
  input: string,
  toDouble: (value: string) => string,
): string {
  const { knots, values, missing } = effect;
  const scalar = (value: number) => graph.constant("double", [], [value]);
  const low = scalar(knots[0]);
  const value = toDouble(input);
  const isMissing = graph.node("IsNaN", [value]);
  const known = graph.node("Where", [isMissing, low, value]);
  const inside = graph.node("Min", [graph.node("Max", [known, low]), scalar(knots[knots.length - 1])]);
  const beyond = graph.node("Sub", [inside, graph.constant("double", [knots.length], knots)]);
  const hinges = graph.constant("double", [knots.length, 1], hingesOf(effect));
  const line = graph.node("MatMul", [graph.node("Max", [beyond, scalar(0)]), hinges]);
  return graph.node("Where", [isMissing, scalar(missing), graph.node("Add", [line, scalar(values[0])])]);
}
