// Leaf values from the residuals of their rows, for objectives whose gradients only point the way.
import { node } from "../kernels/layout.ts";
import type { Views } from "../kernels/views.ts";
import type { Engine } from "./engine.ts";

/** Sets every leaf's value to the objective's own weight of its rows, within the bounds of monotone constraints. */
export function renewLeaves(engine: Engine, nodes: number, output: number, learningRate: number): void {
  const { views } = engine;
  const weights = weighNodes(engine, nodes, output);
  // Bounds that growth left are in the gradients' unit, which is not that of residuals: they are found anew.
  const low = new Float64Array(nodes).fill(Number.NEGATIVE_INFINITY);
  const high = new Float64Array(nodes).fill(Number.POSITIVE_INFINITY);
  const within = (id: number, weight: number) => Math.min(high[id], Math.max(low[id], weight));
  for (let id = 0; id < nodes; id++) {
    const left = views.getNode(id, node.left);
    if (left === 0) {
      views.setNode(id, node.value, Math.fround(within(id, weights[id]) * learningRate));
      continue;
    }
    low.fill(low[id], left, left + 2);
    high.fill(high[id], left, left + 2);
    const monotone = directionOf(views, id);
    if (monotone === 0) continue;
    const middle = (within(id, weights[left]) + within(id, weights[left + 1])) / 2;
    const [lower, upper] = monotone > 0 ? [left, left + 1] : [left + 1, left];
    high[lower] = middle;
    low[upper] = middle;
  }
}

/** Leaves weigh what the objective says of their residuals, other nodes the mean of their children. */
function weighNodes({ views, objective }: Engine, nodes: number, output: number): Float64Array {
  const { at, hasWeights } = views.plan;
  const margins = views.margins(output);
  const target = views.floatsAt(at.target, views.plan.rows);
  const weights = new Float64Array(nodes);
  // Children come after their parent.
  for (let id = nodes - 1; id >= 0; id--) {
    const left = views.getNode(id, node.left);
    if (left !== 0) {
      const [one, other] = [views.getNode(left, node.hessian), views.getNode(left + 1, node.hessian)];
      weights[id] = (weights[left] * one + weights[left + 1] * other) / (one + other);
      continue;
    }
    const start = views.getNode(id, node.start);
    const count = views.getNode(id, node.count);
    const list = views.listAddress(views.getNode(id, node.buffer));
    const rowAt = (index: number) => (list === 0 ? index : views.words[(list >> 2) + index]);
    const residuals = new Float32Array(count);
    const rowWeights = hasWeights ? new Float32Array(count) : undefined;
    for (let k = 0; k < count; k++) {
      const row = rowAt(start + k);
      residuals[k] = target[row] - margins[row];
      if (rowWeights) rowWeights[k] = views.floats[(at.weights >> 2) + row];
    }
    weights[id] = objective.leafWeight!(residuals, rowWeights);
  }
  return weights;
}

/** The direction that the split of a node must keep: 0 for none. */
function directionOf(views: Views, id: number): number {
  if (views.getNode(id, node.isSet) === 1) return 0;
  return views.getFeature(views.getNode(id, node.feature), "monotone");
}
