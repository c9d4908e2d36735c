// What each feature adds to a booster: its share of all loss reductions.
import { splitKind, type TreeEnsemble } from "#core/trees/ensemble.ts";

/** Feature name to its share of the gain of all splits; the shares sum to 1 where there is a split. */
export function gainShares({ features, trees }: TreeEnsemble): Readonly<Record<string, number>> {
  const gains = new Float64Array(features.length);
  let total = 0;
  for (const { kind, feature, gain } of trees) {
    for (let node = 0; node < kind.length; node++) {
      if (kind[node] === splitKind.leaf) continue;
      gains[feature[node]] += gain[node];
      total += gain[node];
    }
  }
  return Object.fromEntries(features.map(({ name }, index) => [name, total > 0 ? gains[index] / total : 0]));
}
