// Small ensembles of boosters: fitted one after another with seeds of their own, and averaged into one.
import type { Tree, TreeEnsemble } from "#core/trees/ensemble.ts";
import type { Matrix } from "../../effects/matrix.ts";
import type { Random } from "../../random.ts";
import { type FittedEnsemble, fitEnsemble } from "./fit.ts";
import type { ObjectiveChoice } from "./objectives/index.ts";
import type { FitOptions } from "./options.ts";

/** Fits one booster an objective of `objectives`, all on the same rows. */
export function fitMembers(
  matrix: Matrix,
  target: ArrayLike<number>,
  objectives: readonly ObjectiveChoice[],
  options: Omit<FitOptions, "objective" | "seed">,
  random: Random,
): FittedEnsemble[] {
  const { progress } = options;
  return objectives.map((objective, member) =>
    fitEnsemble(matrix, target, {
      ...options,
      objective,
      seed: Math.floor(random() * 2 ** 32),
      progress: progress && ((done, total) => progress(member * total + done, objectives.length * total)),
    }),
  );
}

/** The ensemble whose margins are the mean of those of `ensembles`, which have the same features and link. */
export function averageEnsembles(ensembles: readonly TreeEnsemble[]): TreeEnsemble {
  if (ensembles.length === 1) return ensembles[0];
  return weighEnsembles(
    ensembles,
    ensembles.map(() => 1 / ensembles.length),
  );
}

/** The ensemble whose margins are the sum of those of `ensembles`, each times its share. */
export function weighEnsembles(ensembles: readonly TreeEnsemble[], shares: readonly number[]): TreeEnsemble {
  const [first] = ensembles;
  const shrink = (tree: Tree, share: number): Tree => ({
    ...tree,
    value: tree.value.map((value) => value * share),
    gain: tree.gain.map((gain) => gain * share),
  });
  return {
    ...first,
    trees: ensembles.flatMap(({ trees }, at) => trees.map((tree) => shrink(tree, shares[at]))),
    // A float32, as every margin: what predicts and what exports must not round it at different moments.
    baseScore: first.baseScore.map((_, output) =>
      Math.fround(ensembles.reduce((sum, { baseScore }, at) => sum + baseScore[output] * shares[at], 0)),
    ),
  };
}
