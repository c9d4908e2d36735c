// Leaf values from the residuals of their rows, for objectives whose gradients only point the way.
import { node } from "../kernels/layout.ts";
import type { Engine } from "./engine.ts";

/** Sets every leaf's value to the objective's own weight of its rows, within the bounds of monotone constraints. */
export function renewLeaves(engine: Engine, nodes: number, output: number, learningRate: number): void {
  const { views, objective } = engine;
  const { at, hasWeights } = views.plan;
  const margins = views.margins(output);
  const target = views.floatsAt(at.target, views.plan.rows);
  for (let id = 0; id < nodes; id++) {
    if (views.getNode(id, node.left) !== 0) continue;
    const start = views.getNode(id, node.start);
    const count = views.getNode(id, node.count);
    const list = views.listAddress(views.getNode(id, node.buffer));
    const rowAt = (index: number) => (list === 0 ? index : views.words[(list >> 2) + index]);
    const residuals = new Float32Array(count);
    const weights = hasWeights ? new Float32Array(count) : undefined;
    for (let k = 0; k < count; k++) {
      const row = rowAt(start + k);
      residuals[k] = target[row] - margins[row];
      if (weights) weights[k] = views.floats[(at.weights >> 2) + row];
    }
    const weight = objective.leafWeight!(residuals, weights);
    const bounded = Math.min(views.getNode(id, node.high), Math.max(views.getNode(id, node.low), weight));
    views.setNode(id, node.value, Math.fround(bounded * learningRate));
  }
}
