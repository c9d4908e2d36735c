// The prior family: every row has the classes' shares among the training rows, the floor that every other family has to clear.

import * as z from "zod";
import { InputError } from "#core/api/problem.ts";
import { addZeros } from "#core/onnx/zeros.ts";
import type { Family } from "./family.ts";

const PriorParams = z.strictObject({
  /** Rows that each class is given beside its own, so that none is impossible. */
  added: z.number().min(0).max(1000).default(1),
});

type PriorParams = z.infer<typeof PriorParams>;

export const prior: Family<PriorParams> = {
  name: "prior",
  title: "Class shares",
  tasks: ["binary", "multiclass"],
  params: PriorParams,
  candidates: () => [{ name: "shares of the classes", params: { added: 1 } }],
  fit({ added }, train, { spec }) {
    if (train.rows === 0) throw new InputError("prior: expected training rows; got none");
    const classes = spec.target.levels?.length ?? 0;
    const counts = new Float64Array(classes).fill(added);
    for (let row = 0; row < train.rows; row++) {
      const label = train.target[row];
      if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
        const detail = `expected a class from 0 to ${classes - 1}; got ${label} (training row ${row + 1})`;
        throw new InputError([{ pointer: `/${spec.target.name}`, detail }]);
      }
      const weight = train.weights?.[row] ?? 1;
      if (!(weight >= 0 && Number.isFinite(weight))) {
        const detail = `expected a finite number of 0 or more; got ${weight} (training row ${row + 1})`;
        throw new InputError([{ pointer: "/weights", detail }]);
      }
      counts[label] += weight;
    }
    const total = counts.reduce((sum, count) => sum + count, 0);
    const shares = counts.map((count) => count / total);
    return {
      predict({ rows }) {
        const all = new Float64Array(rows * classes);
        for (let row = 0; row < rows; row++) all.set(shares, row * classes);
        return all;
      },
      addTo(graph, inputs) {
        return graph.node("Add", [
          addZeros(graph, spec, inputs),
          graph.constant("double", [1, classes], shares),
        ]);
      },
      report: () => ({ shares: Object.fromEntries(shares.entries()) }),
    };
  },
};
