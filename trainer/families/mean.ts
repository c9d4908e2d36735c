// The mean family: one price for everything, the floor that every other family has to clear.

import * as z from "zod";
import { InputError } from "#core/api/problem.ts";
import { exponential } from "#core/onnx/exponential.ts";
import { logarithm } from "#core/onnx/logarithm.ts";
import { addZeros } from "#core/onnx/zeros.ts";
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
        return graph.node("Add", [addZeros(graph, spec, inputs), graph.constant("double", [], [price])]);
      },
      report: () => ({ price }),
    };
  },
};
