// How well scores rank rows of a class above the others: ROC and precision-recall curves and what lies under them.
// Fawcett 2006, "An introduction to ROC analysis"; average precision as scikit-learn has it (no interpolation).

/** Rows counted down a ranking: how many of a class and of the others score at least `score`. */
export interface RankPoint {
  readonly score: number;
  readonly truePositives: number;
  readonly falsePositives: number;
}

/** One point a distinct score, the highest first. `isPositive` and `scores` have one entry a row. */
export function rankPoints(isPositive: ArrayLike<boolean>, scores: ArrayLike<number>): RankPoint[] {
  const order = Uint32Array.from({ length: scores.length }, (_, row) => row).sort(
    (a, b) => scores[b] - scores[a],
  );
  const points: RankPoint[] = [];
  let [truePositives, falsePositives] = [0, 0];
  order.forEach((row, at) => {
    if (isPositive[row]) truePositives++;
    else falsePositives++;
    const next = order[at + 1];
    if (next === undefined || scores[next] !== scores[row])
      points.push({ score: scores[row], truePositives, falsePositives });
  });
  return points;
}

/** Area under the ROC curve: how often a row of the class outranks one of the others, ties counted half. NaN for one kind of row. */
export function rocAucScore(points: readonly RankPoint[]): number {
  const last = points[points.length - 1];
  let area = 0;
  let before = { truePositives: 0, falsePositives: 0 };
  for (const point of points) {
    const width = point.falsePositives - before.falsePositives;
    area += (width * (point.truePositives + before.truePositives)) / 2;
    before = point;
  }
  return area / (last.truePositives * last.falsePositives);
}

/** Average precision: precision at every rank, weighted by the recall gained there. NaN without rows of the class. */
export function averagePrecisionScore(points: readonly RankPoint[]): number {
  const all = points[points.length - 1].truePositives;
  let sum = 0;
  let found = 0;
  for (const { truePositives, falsePositives } of points) {
    sum += ((truePositives - found) * truePositives) / (truePositives + falsePositives);
    found = truePositives;
  }
  return sum / all;
}
