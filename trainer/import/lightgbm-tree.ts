// One tree of a LightGBM text model. Source: Tree::NumericalDecision and CategoricalDecision in LightGBM's include/LightGBM/tree.h.
import { InputError } from "#core/api/problem.ts";
import { splitKind, type Tree } from "#core/trees/ensemble.ts";
import { largestFloat, roundDown } from "#core/trees/float32.ts";
import { type ForeignNode, growTree } from "./grow-tree.ts";
import { countOf, numbersOf, type Section } from "./lightgbm-text.ts";
import { checkOrdered, type MatchedFeatures, toLevels } from "./match-features.ts";

export interface LightgbmTreeContext {
  readonly matched: MatchedFeatures;
  readonly output: number;
  /** What leaves are divided by: the trees of a random forest, whose answer is their mean; 1 otherwise. */
  readonly divisor: number;
  /** Filled in: by feature, whether its splits take zero for missing. */
  readonly zeroIsMissing: Map<number, boolean>;
}

// Bits of decision_type.
const [categoryBit, defaultLeftBit] = [1, 2];
const missingTypes = ["None", "Zero", "NaN"] as const;

/** Reads the tree in `section`; `what` names it in errors. */
export function readLightgbmTree(section: Section, what: string, context: LightgbmTreeContext): Tree {
  if (section.get("is_linear") === "1") throw new InputError(`${what}: linear_tree models are not read`);
  const leaves = countOf(section, "num_leaves", what);
  if (leaves < 1) throw new InputError(`${what}: expected a leaf at least`);
  const splits = leaves - 1;
  const values = numbersOf(section, "leaf_value", leaves, what);
  if (splits === 0) {
    const only = { kind: splitKind.leaf, value: values[0] / context.divisor, cover: 1 };
    return growTree(what, 0, context.output, () => only);
  }
  const column = (key: string) => numbersOf(section, key, splits, what);
  const [left, right, feature] = [column("left_child"), column("right_child"), column("split_feature")];
  const [threshold, decision, gain] = [column("threshold"), column("decision_type"), column("split_gain")];
  const splitRows = column("internal_count");
  const leafRows = numbersOf(section, "leaf_count", leaves, what);
  const sets = readSets(section, what);

  const readNode = (id: number): ForeignNode<number> => {
    const where = `${what}, node ${id}`;
    // A leaf is written as the complement of its number.
    if (id < 0) {
      const leaf = -id - 1;
      if (!(leaf < leaves)) throw new InputError(`${where}: expected leaves below ${leaves}; got ${leaf}`);
      return { kind: splitKind.leaf, value: values[leaf] / context.divisor, cover: leafRows[leaf] };
    }
    if (!(Number.isInteger(id) && id < splits))
      throw new InputError(`${where}: expected nodes below ${splits}`);
    if (!context.matched.features[feature[id]]) {
      throw new InputError(`${where}: no feature ${feature[id]}`);
    }
    const shared = {
      feature: feature[id],
      left: left[id],
      right: right[id],
      cover: splitRows[id],
      gain: gain[id],
    };
    if (decision[id] & categoryBit) {
      const members = toLevels(context.matched, feature[id], sets(threshold[id], where), where);
      // A missing level is in no set: it goes right whatever the bits say.
      return { kind: splitKind.memberLeft, threshold: 0, members, defaultLeft: false, ...shared };
    }
    checkOrdered(context.matched, feature[id], where);
    const missing = missingTypes[(decision[id] >> 2) & 3];
    if (missing === undefined) throw new InputError(`${where}: unknown missing type in ${decision[id]}`);
    noteZeros(context, feature[id], missing === "Zero", where);
    // Without a missing type LightGBM reads NaN as 0.
    const defaultLeft = missing === "None" ? 0 <= threshold[id] : (decision[id] & defaultLeftBit) !== 0;
    // Some objectives write a threshold of infinity: every number goes left, as it does at the largest float32.
    const finite = Math.min(roundDown(threshold[id]), largestFloat);
    return { kind: splitKind.lessOrEqual, threshold: finite, defaultLeft, ...shared };
  };
  return growTree(what, 0, context.output, readNode);
}

/** LightGBM gives a feature one missing type; a file in which it has two cannot be said with one input. */
function noteZeros(
  { zeroIsMissing, matched }: LightgbmTreeContext,
  feature: number,
  isMissing: boolean,
  where: string,
): void {
  if ((zeroIsMissing.get(feature) ?? isMissing) !== isMissing) {
    throw new InputError(
      `${where}: takes zero of ${matched.features[feature].name} for ${isMissing ? "missing" : "a number"}, unlike an earlier split`,
    );
  }
  zeroIsMissing.set(feature, isMissing);
}

/** Codes of the set number `index`: bits of cat_threshold between two of cat_boundaries. */
function readSets(section: Section, what: string): (index: number, where: string) => number[] {
  const count = countOf(section, "num_cat", what, 0);
  if (count === 0) {
    return (_, where) => {
      throw new InputError(`${where}: a category split in a tree without category sets`);
    };
  }
  const bounds = numbersOf(section, "cat_boundaries", count + 1, what);
  const words = numbersOf(section, "cat_threshold", bounds[count] || 1, what);
  return (index, where) => {
    const [start, end] = [bounds[index], bounds[index + 1]];
    if (!(start >= 0 && start <= end && end <= words.length)) {
      throw new InputError(`${where}: expected a category set below ${count}; got ${index}`);
    }
    const codes: number[] = [];
    for (let word = start; word < end; word++) {
      for (let bit = 0; bit < 32; bit++) {
        if ((words[word] >>> bit) & 1) codes.push((word - start) * 32 + bit);
      }
    }
    return codes;
  };
}
