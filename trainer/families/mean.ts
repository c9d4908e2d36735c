// The mean family: one price for everything, the floor that every other family has to clear.

import * as z from "zod";
import { InputError } from "#core/api/problem.ts";
import { exponential } from "#core/onnx/exponential.ts";
import { logarithm } from "#core/onnx/logarithm.ts";
import { elementTypeCodes } from "#core/onnx/tensor.ts";
import type { Family } from "./family.ts";

const MeanParams = z.strictObject({
  /** Of the prices themselves, or of their logarithms: the geometric mean. */
  of: z.enum(["target", "log"]).default("target"),
});

type MeanParams = z.infer<typeof MeanParams>;

export const mean: Family<MeanParams> = {
  name: "mean",
  title: "Mean price",
  tasks: ["regression"],
  params: MeanParams,
  candidates: (spec) => [
    spec.target.transform === "log"
      ? { name: "geometric mean", params: { of: "log" } }
      : { name: "mean", params: { of: "target" } },
  ],
  fit(params, train, { spec }) {
    if (train.rows === 0) throw new InputError("mean: expected training rows; got none");
    let sum = 0;
    let total = 0;
    for (let i = 0; i < train.rows; i++) {
      const value = train.target[i];
      if (!Number.isFinite(value) || (params.of === "log" && value <= 0)) {
        const allowed = params.of === "log" ? "a finite number above 0" : "a finite number";
        const detail = `expected ${allowed}; got ${value} (training row ${i + 1})`;
        throw new InputError([{ pointer: `/${spec.target.name}`, detail }]);
      }
      const weight = train.weights?.[i] ?? 1;
      sum += weight * (params.of === "log" ? logarithm(value) : value);
      total += weight;
    }
    const price = params.of === "log" ? exponential(sum / total) : sum / total;
    return {
      predict: (table) => new Float64Array(table.rows).fill(price),
      addTo(graph, inputs) {
        // A constant has no rows: one input lends its number of rows, whatever it holds.
        const feature = spec.features[0];
        const input = inputs[feature.name];
        const known =
          feature.type === "number"
            ? graph.node("IsNaN", [input])
            : graph.node(
                "LabelEncoder",
                [input],
                { keys_strings: { strings: [""] }, values_int64s: { ints: [0] }, default_int64: { int: 1 } },
                { domain: "ai.onnx.ml" },
              );
        const zero = graph.node("Mul", [
          graph.node("Cast", [known], { to: { int: elementTypeCodes.double } }),
          graph.constant("double", [], [0]),
        ]);
        return graph.node("Add", [zero, graph.constant("double", [], [price])]);
      },
      report: () => ({ price }),
    };
  },
};
