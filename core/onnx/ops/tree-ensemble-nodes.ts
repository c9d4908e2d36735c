// The node tables of a tree op, untrusted: equally long columns, the rows of each tree together, every weight on a leaf that is there.
import { ensembleLimits } from "../../trees/check-ensemble.ts";
import type { Tree } from "../../trees/ensemble.ts";
import type { NodeProto } from "../model-proto.ts";
import { intOf, nodeFault } from "../operand.ts";
import { RepeatedTexts } from "../text-list.ts";
import { type Columns, nodeModes, type Segment } from "./tree-ensemble-columns.ts";
import { planPlainTrees } from "./tree-ensemble-plain.ts";
import { readTree } from "./tree-ensemble-tree.ts";

export interface TreeTable {
  readonly trees: readonly Tree[];
  readonly targets: number;
  /** Added to each target after the trees. */
  readonly baseValues: Float32Array | undefined;
}

function modeOf(text: string): number {
  return Object.hasOwn(nodeModes, text) ? nodeModes[text as keyof typeof nodeModes] : nodeModes.unknown;
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
  const read = planPlainTrees(columns, features);
  const trees = segments.map((segment) => read(segment) ?? readTree(columns, segment, features));
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
  const modes = readModes(node, rows);
  const missing = "nodes_missing_value_tracks_true";
  return {
    node,
    treeIds,
    nodeIds: numbersOf(node, "nodes_nodeids", "ints", rows),
    features: numbersOf(node, "nodes_featureids", "ints", rows),
    ...modes,
    values: numbersOf(node, "nodes_values", "floats", rows),
    whenTrue: numbersOf(node, "nodes_truenodeids", "ints", rows),
    whenFalse: numbersOf(node, "nodes_falsenodeids", "ints", rows),
    missingTrue: node.attributes[missing] && numbersOf(node, missing, "ints", rows),
    weights: new Float32Array(rows),
  };
}

function readModes(node: NodeProto, rows: number): Pick<Columns, "modes" | "modeText"> {
  const given = node.attributes.nodes_modes;
  if (given instanceof RepeatedTexts && given.codes.length === rows) {
    const { codes, texts } = given;
    // The decoder has given the modes their own numbers; further texts come behind, and are none.
    if (texts.every((text, code) => Math.min(code, nodeModes.unknown) === modeOf(text)))
      return { modes: codes, modeText: (row) => texts[codes[row]] };
  }
  if (!given || !("strings" in given) || given.strings.length !== rows)
    throw nodeFault(node, `expected ${rows} nodes_modes`);
  const { strings } = given;
  return { modes: Uint8Array.from(strings, modeOf), modeText: (row) => strings[row] };
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
      output: -1,
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
  const given = new Uint8Array(weights.length);
  let segment = segments[0];
  let { id, start, end, isCounted } = segment;
  for (let i = 0; i < values.length; i++) {
    if (id !== treeIds[i]) {
      segment = byId.get(treeIds[i]) ?? segment;
      ({ id, start, end, isCounted } = segment);
    }
    const row = isCounted ? start + nodeIds[i] : (segment.rowOf(nodeIds[i]) ?? -1);
    const output = outputs[i];
    if (id !== treeIds[i] || !(row >= start && row < end))
      throw nodeFault(node, `a weight for node ${nodeIds[i]} of tree ${treeIds[i]}, which is not there`);
    if (given[row]++) throw nodeFault(node, `two weights for node ${nodeIds[i]} of tree ${treeIds[i]}`);
    if (!Number.isFinite(values[i])) throw nodeFault(node, `expected finite weights; got ${values[i]}`);
    if (!(output >= 0 && output < targets))
      throw nodeFault(node, `expected targets below ${targets}; got ${output}`);
    if (segment.output < 0) segment.output = output;
    else if (segment.output !== output) throw nodeFault(node, `tree ${segment.id} adds to several targets`);
    weights[row] = values[i];
  }
  // A tree without a weight adds nothing, wherever.
  for (const one of segments) one.output = Math.max(0, one.output);
}
