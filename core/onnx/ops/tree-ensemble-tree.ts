// One tree of a tree op's node tables: every node reached once, negated tests turned round, chains of equalities folded into sets.
import { ensembleLimits } from "../../trees/check-ensemble.ts";
import { splitKind, type Tree } from "../../trees/ensemble.ts";
import { nodeFault } from "../operand.ts";
import type { Columns, Segment } from "./tree-ensemble-nodes.ts";

/** Rows still to read, with the new index of their parent and the side they hang on. */
interface Pending {
  readonly row: number;
  readonly parent: number;
  readonly isLeft: boolean;
}

/** Reads the tree in `segment`, whose splits are over `featureCount` columns. Its covers and gains are empty: ONNX has none. */
export function readTree(columns: Columns, segment: Segment, featureCount: number): Tree {
  const { node, weights } = columns;
  const size = segment.end - segment.start;
  const tree = {
    kind: new Uint8Array(size),
    feature: new Int32Array(size),
    threshold: new Float32Array(size),
    left: new Int32Array(size).fill(-1),
    right: new Int32Array(size).fill(-1),
    defaultLeft: new Uint8Array(size),
    value: new Float32Array(size),
    cover: new Float32Array(0),
    gain: new Float32Array(0),
    members: new Map<number, readonly number[]>(),
    output: segment.output,
  };
  const seen = new Uint8Array(size);
  const take = (id: number): number => {
    const row = segment.rowOf(id);
    if (row === undefined) throw nodeFault(node, `tree ${segment.id} has no node ${id}`);
    if (seen[row - segment.start]++)
      throw nodeFault(node, `more than one node leads to node ${id} of tree ${segment.id}`);
    return row;
  };
  const depth = new Uint16Array(size);
  const waiting: Pending[] = [{ row: take(columns.nodeIds[segment.start]), parent: -1, isLeft: true }];
  let count = 0;
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const index = count++;
    if (next.parent >= 0) {
      (next.isLeft ? tree.left : tree.right)[next.parent] = index;
      depth[index] = depth[next.parent] + 1;
      if (depth[index] > ensembleLimits.depth)
        throw nodeFault(node, `a tree deeper than ${ensembleLimits.depth}`);
    }
    const split = readSplit(columns, segment, next.row, take);
    if (!split) {
      tree.value[index] = weights[next.row];
      continue;
    }
    const feature = columns.features[next.row];
    if (!(feature >= 0 && feature < featureCount)) {
      throw nodeFault(node, `expected features below ${featureCount}; got ${feature}`);
    }
    tree.kind[index] = split.kind;
    tree.feature[index] = feature;
    tree.threshold[index] = columns.values[next.row];
    tree.defaultLeft[index] = split.defaultLeft;
    if (split.members) tree.members.set(index, split.members);
    waiting.push(
      { row: split.right, parent: index, isLeft: false },
      { row: split.left, parent: index, isLeft: true },
    );
  }
  const lost = seen.indexOf(0);
  if (lost >= 0) {
    throw nodeFault(
      node,
      `nothing leads to node ${columns.nodeIds[segment.start + lost]} of tree ${segment.id}`,
    );
  }
  // The further links of chains are part of their first one's set.
  return count === size ? tree : shorten(tree, count);
}

function shorten(tree: Tree, count: number): Tree {
  const { kind, feature, threshold, left, right, defaultLeft, value } = tree;
  const first = <T extends { subarray(start: number, end: number): T }>(column: T) =>
    column.subarray(0, count);
  return {
    ...tree,
    kind: first(kind),
    feature: first(feature),
    threshold: first(threshold),
    left: first(left),
    right: first(right),
    defaultLeft: first(defaultLeft),
    value: first(value),
  };
}

interface Split {
  readonly kind: number;
  /** Rows of the children. */
  readonly left: number;
  readonly right: number;
  readonly defaultLeft: number;
  readonly members?: readonly number[];
}

/** The test at `row`, turned so that one of our kinds says it; undefined for a leaf. `take` claims a child's row. */
function readSplit(
  columns: Columns,
  segment: Segment,
  row: number,
  take: (id: number) => number,
): Split | undefined {
  const { node, values, whenTrue, whenFalse } = columns;
  const mode = columns.modes[row];
  if (mode === "LEAF") return undefined;
  const value = values[row];
  if (Number.isNaN(value)) throw nodeFault(node, "a node compares with NaN");
  const missingTrue = columns.missingTrue ? columns.missingTrue[row] : 0;
  if (missingTrue !== 0 && missingTrue !== 1)
    throw nodeFault(node, `expected 0 or 1 where missing values go; got ${missingTrue}`);
  const asIs = (kind: number) => ({
    kind,
    left: take(whenTrue[row]),
    right: take(whenFalse[row]),
    defaultLeft: missingTrue,
  });
  // The negated tests trade their children; a missing value that is not sent to "true" goes to "false".
  const turned = (kind: number) => ({
    kind,
    left: take(whenFalse[row]),
    right: take(whenTrue[row]),
    defaultLeft: 1 - missingTrue,
  });
  if ((mode === "BRANCH_LEQ" || mode === "BRANCH_GT") && value === Number.POSITIVE_INFINITY) {
    throw nodeFault(node, "a node compares with Infinity");
  }
  switch (mode) {
    case "BRANCH_LT":
      return asIs(splitKind.less);
    case "BRANCH_LEQ":
      return asIs(splitKind.lessOrEqual);
    case "BRANCH_GTE":
      return turned(splitKind.less);
    case "BRANCH_GT":
      return turned(splitKind.lessOrEqual);
    case "BRANCH_NEQ":
      // NaN differs from everything, so a missing value goes to "true" anyway.
      return { ...turned(splitKind.memberLeft), members: [value], defaultLeft: 0 };
    case "BRANCH_EQ":
      return readSet(columns, segment, row, missingTrue, take);
    default:
      throw nodeFault(node, `unknown mode ${mode.slice(0, 40)}`);
  }
}

/** A chain of equalities on one feature whose true branches share a child is membership of a set. */
function readSet(
  columns: Columns,
  segment: Segment,
  row: number,
  missingTrue: number,
  take: (id: number) => number,
): Split {
  const { features, modes, values, whenTrue, whenFalse } = columns;
  const members = [values[row]];
  let last = row;
  for (;;) {
    const next = segment.rowOf(whenFalse[last]);
    const goesOn =
      next !== undefined &&
      modes[next] === "BRANCH_EQ" &&
      features[next] === features[row] &&
      whenTrue[next] === whenTrue[row] &&
      (columns.missingTrue ? columns.missingTrue[next] : 0) === missingTrue &&
      !Number.isNaN(values[next]);
    if (!goesOn) break;
    last = take(whenFalse[last]);
    members.push(values[last]);
  }
  return {
    kind: splitKind.memberLeft,
    left: take(whenTrue[row]),
    right: take(whenFalse[last]),
    defaultLeft: missingTrue,
    members,
  };
}
