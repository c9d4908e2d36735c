// One tree of a tree op's node tables: every node reached once, negated tests turned round, chains of equalities folded into sets.
import { ensembleLimits } from "../../trees/check-ensemble.ts";
import { splitKind, type Tree } from "../../trees/ensemble.ts";
import { nodeFault } from "../operand.ts";
import { type Columns, nodeModes, type Segment } from "./tree-ensemble-columns.ts";

/** Claims rows of one tree, each once. */
class RowClaims {
  readonly seen: Uint8Array;
  private readonly columns: Columns;
  private readonly segment: Segment;

  constructor(columns: Columns, segment: Segment) {
    this.columns = columns;
    this.segment = segment;
    this.seen = new Uint8Array(segment.end - segment.start);
  }

  /** The row of node `id`. Throws InputError where there is none or somebody has claimed it. */
  take(id: number): number {
    const { start, end, isCounted } = this.segment;
    const row = isCounted ? start + id : this.segment.rowOf(id);
    if (row === undefined || !(row >= start && row < end)) {
      throw nodeFault(this.columns.node, `tree ${this.segment.id} has no node ${id}`);
    }
    if (this.seen[row - start]++) {
      const what = `more than one node leads to node ${id} of tree ${this.segment.id}`;
      throw nodeFault(this.columns.node, what);
    }
    return row;
  }
}

/** Reads the tree in `segment`, whose splits are over `featureCount` columns. Its covers and gains are empty: ONNX has none. */
export function readTree(columns: Columns, segment: Segment, featureCount: number): Tree {
  const { node, weights, modes, values } = columns;
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
  const claims = new RowClaims(columns, segment);
  const depth = new Uint16Array(size);
  // Rows still to read, with the new index of their parent: complemented where they hang on its right.
  const rows = new Int32Array(size + 1);
  const parents = new Int32Array(size + 1);
  let waiting = 1;
  rows[0] = claims.take(columns.nodeIds[segment.start]);
  let count = 0;
  while (waiting > 0) {
    const row = rows[--waiting];
    const index = count++;
    if (index > 0) {
      const parent = parents[waiting];
      if (parent < 0) tree.right[~parent] = index;
      else tree.left[parent] = index;
      depth[index] = depth[parent < 0 ? ~parent : parent] + 1;
      if (depth[index] > ensembleLimits.depth)
        throw nodeFault(node, `a tree deeper than ${ensembleLimits.depth}`);
    }
    if (modes[row] === nodeModes.LEAF) {
      tree.value[index] = weights[row];
      continue;
    }
    const feature = columns.features[row];
    if (!(feature >= 0 && feature < featureCount)) {
      throw nodeFault(node, `expected features below ${featureCount}; got ${feature}`);
    }
    const split = readSplit(columns, segment, row, claims);
    tree.kind[index] = split.kind;
    tree.feature[index] = feature;
    tree.threshold[index] = values[row];
    tree.defaultLeft[index] = split.defaultLeft;
    if (split.members) tree.members.set(index, split.members);
    rows[waiting] = split.right;
    parents[waiting++] = ~index;
    rows[waiting] = split.left;
    parents[waiting++] = index;
  }
  const lost = claims.seen.indexOf(0);
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

/** The test at `row`, turned so that one of our kinds says it. */
function readSplit(columns: Columns, segment: Segment, row: number, claims: RowClaims): Split {
  const { node, values } = columns;
  const mode = columns.modes[row];
  const value = values[row];
  if (Number.isNaN(value)) throw nodeFault(node, "a node compares with NaN");
  const missingTrue = columns.missingTrue ? columns.missingTrue[row] : 0;
  if (missingTrue !== 0 && missingTrue !== 1) {
    throw nodeFault(node, `expected 0 or 1 where missing values go; got ${missingTrue}`);
  }
  if ((mode === nodeModes.BRANCH_LEQ || mode === nodeModes.BRANCH_GT) && value === Number.POSITIVE_INFINITY) {
    throw nodeFault(node, "a node compares with Infinity");
  }
  if (mode === nodeModes.BRANCH_EQ) return readSet(columns, segment, row, missingTrue, claims);
  const whenTrue = claims.take(columns.whenTrue[row]);
  const whenFalse = claims.take(columns.whenFalse[row]);
  // The negated tests trade their children; a missing value that is not sent to "true" goes to "false".
  const turned = { left: whenFalse, right: whenTrue, defaultLeft: 1 - missingTrue };
  switch (mode) {
    case nodeModes.BRANCH_LT:
      return { kind: splitKind.less, left: whenTrue, right: whenFalse, defaultLeft: missingTrue };
    case nodeModes.BRANCH_LEQ:
      return { kind: splitKind.lessOrEqual, left: whenTrue, right: whenFalse, defaultLeft: missingTrue };
    case nodeModes.BRANCH_GTE:
      return { kind: splitKind.less, ...turned };
    case nodeModes.BRANCH_GT:
      return { kind: splitKind.lessOrEqual, ...turned };
    case nodeModes.BRANCH_NEQ:
      // NaN differs from everything, so a missing value goes to "true" anyway.
      return { kind: splitKind.memberLeft, ...turned, members: [value], defaultLeft: 0 };
    default:
      throw nodeFault(node, `unknown mode ${columns.modeText(row).slice(0, 40)}`);
  }
}

/** A chain of equalities on one feature whose true branches share a child is membership of a set. */
function readSet(
  columns: Columns,
  segment: Segment,
  row: number,
  missingTrue: number,
  claims: RowClaims,
): Split {
  const { features, modes, values, whenTrue, whenFalse } = columns;
  const members = [values[row]];
  let last = row;
  for (;;) {
    const next = segment.rowOf(whenFalse[last]);
    const goesOn =
      next !== undefined &&
      modes[next] === nodeModes.BRANCH_EQ &&
      features[next] === features[row] &&
      whenTrue[next] === whenTrue[row] &&
      (columns.missingTrue ? columns.missingTrue[next] : 0) === missingTrue &&
      !Number.isNaN(values[next]);
    if (!goesOn) break;
    last = claims.take(whenFalse[last]);
    members.push(values[last]);
  }
  return {
    kind: splitKind.memberLeft,
    left: claims.take(whenTrue[row]),
    right: claims.take(whenFalse[last]),
    defaultLeft: missingTrue,
    members,
  };
}
