// What the sections of classes share: the levels, and for each class its rows and probabilities among the held-out rows.
import { type RankPoint, rankPoints } from "#core/metrics/ranking.ts";
import { levelsOf, positiveOf } from "#core/tasks/classes.ts";
import type { CardView } from "./card-view.ts";
import { shortLabel } from "./figure.ts";

export interface ClassRows {
  readonly label: string;
  readonly isOwn: readonly boolean[];
  readonly probabilities: Float64Array;
  readonly points: readonly RankPoint[];
}

/** More curves than this in one figure cannot be told apart. */
const mostCurves = 6;

/** The positive class of two, or the classes of more with the most held-out rows; those without rows of both kinds are left out. */
export function drawnClasses({ spec, heldOut }: CardView): ClassRows[] {
  const levels = levelsOf(spec);
  const positive = positiveOf(spec);
  const actual = Array.from(heldOut.actual);
  const chosen = positive === undefined ? [...levels.keys()] : [positive];
  return chosen
    .map((at) => {
      const isOwn = actual.map((label) => label === at);
      const probabilities = Float64Array.from(
        actual,
        (_, row) => heldOut.predicted[row * levels.length + at],
      );
      const points = rankPoints(isOwn, probabilities);
      return { label: shortLabel(levels[at]), isOwn, probabilities, points };
    })
    .filter(({ isOwn }) => isOwn.some(Boolean) && !isOwn.every(Boolean))
    .sort((a, b) => b.isOwn.filter(Boolean).length - a.isOwn.filter(Boolean).length)
    .slice(0, mostCurves);
}

/** Curves are told apart by dashes as well as by their names, never by colour alone. */
export const dashes = ["none", "8 4", "2 3", "10 3 2 3", "5 2", "1 4"] as const;
