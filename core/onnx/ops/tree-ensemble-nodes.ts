// The node tables of a tree op, untrusted: equally long columns, the rows of each tree together, every weight on a leaf that is there.
import { ensembleLimits } from "../../trees/check-ensemble.ts";
import type { Tree } from "../../trees/ensemble.ts";
import type { NodeProto } from "../model-proto.ts";
import { intOf, nodeFault } from "../operand.ts";
import { readTree } from "./tree-ensemble-tree.ts";

export interface TreeTable {
  readonly trees: readonly Tree[];
  readonly targets: number;
  /** Added to each target after the trees. */
  readonly baseValues: Float32Array | undefined;
}

/** The columns of the table, equally long. */
export interface Columns {
  readonly node: NodeProto;
  readonly treeIds: ArrayLike<number>;
  readonly nodeIds: ArrayLike<number>;
  readonly features: ArrayLike<number>;
  readonly modes: readonly string[];
  readonly values: ArrayLike<number>;
  readonly whenTrue: ArrayLike<number>;
  readonly whenFalse: ArrayLike<number>;
  readonly missingTrue: ArrayLike<number> | undefined;
  /** What the leaves add, by row of the table. */
  readonly weights: Float32Array;
}

/** Rows `start` to `end` of the table are one tree; `rowOf` finds the row of a node id. */
export interface Segment {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  /** Node ids are 0, 1, 2, ... in the order of the rows. */
  readonly isCounted: boolean;
  readonly rowOf: (nodeId: number) => number | undefined;
  output: number;
}

/** Reads the trees of a regressor over `features` columns. Throws InputError naming the node of the graph and what is wrong. */
export function readTrees(node: NodeProto, features: number): TreeTable {
  const setting = (name: string, only: string) => {
    const attribute = node.attributes[name];
    if (attribute && !("string" in attribute && attribute.string === only)) {
      throw nodeFault(node, `expected ${only} as ${name}`);
    }
  };
  setting("aggregate_function", "SUM");
  setting("post_transform", "NONE");
  const targets = intOf(node, "n_targets", 1);
  if (!(targets >= 1 && targets <= ensembleLimits.outputs)) {
    throw nodeFault(node, `expected 1 to ${ensembleLimits.outputs} targets; got ${targets}`);
  }
  const columns = readColumns(node);
  const segments = findSegments(columns);
  readWeights(node, columns, segments, targets);
  const trees = segments.map((segment) => readTree(columns, segment, features));
  const baseValues =
    node.attributes.base_values && Float32Array.from(numbersOf(node, "base_values", "floats"));
  if (baseValues && baseValues.length !== targets) throw nodeFault(node, `expected ${targets} base_values`);
  return { trees, targets, baseValues };
}

function numbersOf(
  node: NodeProto,
  name: string,
  kind: "ints" | "floats",
  length?: number,
): ArrayLike<number> {
  const attribute = node.attributes[name];
  const list = attribute && (kind === "ints" && "ints" in attribute ? attribute.ints : undefined);
  const numbers =
    list ?? (attribute && kind === "floats" && "floats" in attribute ? attribute.floats : undefined);
  if (!numbers) throw nodeFault(node, `expected ${kind} as ${name}`);
  if (length !== undefined && numbers.length !== length) {
    throw nodeFault(node, `expected ${length} ${name}; got ${numbers.length}`);
  }
  return numbers;
}

function readColumns(node: NodeProto): Columns {
  const treeIds = numbersOf(node, "nodes_treeids", "ints");
  const rows = treeIds.length;
  if (rows === 0 || rows > ensembleLimits.nodes) {
    throw nodeFault(node, `expected 1 to ${ensembleLimits.nodes} tree nodes; got ${rows}`);
  }
  const modes = node.attributes.nodes_modes;
  if (!modes || !("strings" in modes) || modes.strings.length !== rows)
    throw nodeFault(node, `expected ${rows} nodes_modes`);
  const missing = "nodes_missing_value_tracks_true";
  return {
    node,
    treeIds,
    nodeIds: numbersOf(node, "nodes_nodeids", "ints", rows),
    features: numbersOf(node, "nodes_featureids", "ints", rows),
    modes: modes.strings,
    values: numbersOf(node, "nodes_values", "floats", rows),
    whenTrue: numbersOf(node, "nodes_truenodeids", "ints", rows),
    whenFalse: numbersOf(node, "nodes_falsenodeids", "ints", rows),
    missingTrue: node.attributes[missing] && numbersOf(node, missing, "ints", rows),
    weights: new Float32Array(rows),
  };
}

/** The rows of each tree, which must lie together. */
function findSegments({ node, treeIds, nodeIds }: Columns): Segment[] {
  const segments: Segment[] = [];
  const seen = new Set<number>();
  for (let start = 0; start < treeIds.length; ) {
    const id = treeIds[start];
    let end = start + 1;
    let isCounted = nodeIds[start] === 0;
    while (end < treeIds.length && treeIds[end] === id) {
      isCounted &&= nodeIds[end] === end - start;
      end++;
    }
    if (seen.has(id)) throw nodeFault(node, `expected the nodes of tree ${id} together`);
    seen.add(id);
    if (segments.length >= ensembleLimits.trees)
      throw nodeFault(node, `more than ${ensembleLimits.trees} trees`);
    segments.push({
      id,
      start,
      end,
      isCounted,
      rowOf: isCounted ? countedRows(start, end) : mappedRows(node, nodeIds, start, end),
      output: 0,
    });
    start = end;
  }
  return segments;
}

function countedRows(start: number, end: number): Segment["rowOf"] {
  return (id) => (Number.isInteger(id) && id >= 0 && id < end - start ? start + id : undefined);
}

function mappedRows(
  node: NodeProto,
  nodeIds: ArrayLike<number>,
  start: number,
  end: number,
): Segment["rowOf"] {
  const rows = new Map<number, number>();
  for (let row = start; row < end; row++) rows.set(nodeIds[row], row);
  if (rows.size !== end - start) throw nodeFault(node, "a tree has two nodes of one id");
  return (id) => rows.get(id);
}

/** Writes each leaf's weight into its row, and the output of each tree: one target a tree is what is read. */
function readWeights(
  node: NodeProto,
  { weights }: Columns,
  segments: readonly Segment[],
  targets: number,
): void {
  const values = numbersOf(node, "target_weights", "floats");
  const treeIds = numbersOf(node, "target_treeids", "ints", values.length);
  const nodeIds = numbersOf(node, "target_nodeids", "ints", values.length);
  const outputs = numbersOf(node, "target_ids", "ints", values.length);
  const byId = new Map(segments.map((segment) => [segment.id, segment]));
  const hasOutput = new Set<Segment>();
  const given = new Uint8Array(weights.length);
  let segment = segments[0];
  for (let i = 0; i < values.length; i++) {
    if (segment.id !== treeIds[i]) segment = byId.get(treeIds[i]) ?? segment;
    const row = segment.id === treeIds[i] ? segment.rowOf(nodeIds[i]) : undefined;
    if (row === undefined)
      throw nodeFault(node, `a weight for node ${nodeIds[i]} of tree ${treeIds[i]}, which is not there`);
    if (given[row]++) throw nodeFault(node, `two weights for node ${nodeIds[i]} of tree ${treeIds[i]}`);
    if (!Number.isFinite(values[i])) throw nodeFault(node, `expected finite weights; got ${values[i]}`);
    if (!(outputs[i] >= 0 && outputs[i] < targets))
      throw nodeFault(node, `expected targets below ${targets}; got ${outputs[i]}`);
    if (hasOutput.has(segment) && segment.output !== outputs[i]) {
      throw nodeFault(node, `tree ${segment.id} adds to several targets`);
    }
    hasOutput.add(segment);
    segment.output = outputs[i];
    weights[row] = values[i];
  }
}
