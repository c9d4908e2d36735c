// One tree of an XGBoost model file.
import { InputError } from "#core/api/problem.ts";
import { splitKind, type Tree } from "#core/trees/ensemble.ts";
import { countAt, type Document, numbersAt, objectAt } from "./document.ts";
import { type ForeignNode, growTree } from "./grow-tree.ts";
import { checkOrdered, type MatchedFeatures, toLevels } from "./match-features.ts";

export interface XgboostTreeContext {
  readonly matched: MatchedFeatures;
  /** Which output the tree adds to. */
  readonly output: number;
  /** DART: what the tree's leaves are multiplied with. */
  readonly weight: number;
}

/** Reads the tree at `document`; `what` names it in errors. */
export function readXgboostTree(document: Document, what: string, context: XgboostTreeContext): Tree {
  const size = countAt(objectAt(document, "tree_param", what), "size_leaf_vector", `${what}.tree_param`, 0);
  if (size > 1) throw new InputError(`${what}: a leaf with ${size} outputs; multi-output trees are not read`);
  const left = numbersAt(document, "left_children", what);
  const nodes = left.length;
  const column = (key: string) => numbersAt(document, key, what, nodes);
  const right = column("right_children");
  const feature = column("split_indices");
  const condition = column("split_conditions");
  const defaultLeft = column("default_left");
  const cover = column("sum_hessian");
  const gain = column("loss_changes");
  const splitType = document.split_type === undefined ? [] : column("split_type");
  const categories = readCategories(document, what);
  const features = context.matched.features.length;

  const readNode = (id: number): ForeignNode<number> => {
    const where = `${what}, node ${id}`;
    if (!(Number.isInteger(id) && id >= 0 && id < nodes)) {
      throw new InputError(`${where}: expected nodes from 0 to ${nodes - 1}`);
    }
    if (left[id] === -1) {
      const value = Math.fround(Math.fround(condition[id]) * context.weight);
      return { kind: splitKind.leaf, value, cover: cover[id] };
    }
    if (!(feature[id] >= 0 && feature[id] < features)) {
      throw new InputError(`${where}: expected a feature below ${features}; got ${feature[id]}`);
    }
    const shared = { feature: feature[id], cover: cover[id], gain: gain[id] };
    const goesLeft = defaultLeft[id] !== 0;
    if (splitType[id] === 1) {
      // XGBoost's listed categories go right: the children change places so that the members go left.
      const members = toLevels(context.matched, feature[id], categories.get(id) ?? [], where);
      const sides = { left: right[id], right: left[id], defaultLeft: !goesLeft };
      return { kind: splitKind.memberLeft, threshold: 0, members, ...sides, ...shared };
    }
    checkOrdered(context.matched, feature[id], where);
    const sides = { left: left[id], right: right[id], defaultLeft: goesLeft };
    return { kind: splitKind.less, threshold: Math.fround(condition[id]), ...sides, ...shared };
  };
  return growTree(what, 0, context.output, readNode);
}

/** The codes of each node that splits by a set. */
function readCategories(document: Document, what: string): ReadonlyMap<number, readonly number[]> {
  const sets = new Map<number, readonly number[]>();
  if (document.categories_nodes === undefined) return sets;
  const nodes = numbersAt(document, "categories_nodes", what);
  const codes = numbersAt(document, "categories", what);
  const starts = numbersAt(document, "categories_segments", what, nodes.length);
  const sizes = numbersAt(document, "categories_sizes", what, nodes.length);
  let expected = 0;
  for (let i = 0; i < nodes.length; i++) {
    // The sets lie one after the other, so that together they are no longer than the file.
    if (starts[i] !== expected || !(sizes[i] >= 0) || expected + sizes[i] > codes.length) {
      throw new InputError(
        `${what}: expected categories_segments to cover ${codes.length} categories in order`,
      );
    }
    expected += sizes[i];
    sets.set(
      nodes[i],
      Array.from({ length: sizes[i] }, (_, at) => codes[starts[i] + at]),
    );
  }
  return sets;
}
