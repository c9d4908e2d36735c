// What a classifier's explain.json makes of rows: exact contributions to its calibrated margins. Of two classes there is one margin, the
// log-odds of the second; of more one a class, whose softmax are the probabilities.
import { InputError } from "../api/problem.ts";
import type { Explanation } from "../bundle/explanation.ts";
import type { DatasetSpec } from "../dataset/spec.ts";
import type { Table } from "../dataset/table.ts";
import { marginsOf } from "../onnx/class-graph.ts";
import { compileContributor } from "./contributions.ts";
import type { LinearExplanation } from "./linear.ts";
import { treeMargins } from "./tree-margins.ts";

export interface ClassContributor {
  /** Margins a row. */
  readonly outputs: number;
  /** What it holds in memory, roughly. */
  readonly bytes: number;
  /** Of a row: base and contributions of every margin, one contribution a feature in the spec's order. */
  over(table: Table): (index: number) => LinearExplanation[];
}

/** Lays out the explain.json of a classifier. Throws InputError where it is not sound or of other classes than the spec's. */
export function compileClassContributor(spec: DatasetSpec, explanation: Explanation): ClassContributor {
  const { outputs, bytes, over } = marginsIn(spec, explanation);
  const wanted = marginsOf(spec.target.levels?.length ?? 0);
  if (outputs !== wanted) throw new InputError(`expected ${wanted} margins; got ${outputs}`);
  const { scale, shift } = explanation.calibration ?? { scale: 1, shift: 0 };
  return {
    ...{ outputs, bytes },
    over(table) {
      const explainRow = over(table);
      return (index) =>
        explainRow(index).map(({ base, contributions }) => ({
          base: base * scale + shift,
          contributions: contributions.map((contribution) => contribution * scale),
        }));
    },
  };
}

function marginsIn(spec: DatasetSpec, explanation: Explanation): ClassContributor {
  if (explanation.kind === "trees") return treeMargins(spec, explanation);
  const { bytes, over } = compileContributor(spec, explanation);
  return {
    ...{ outputs: 1, bytes },
    over(table) {
      const explainRow = over(table);
      return (index) => [explainRow(index)];
    },
  };
}
