// Metrics of classes. Names ending in Loss or Error are better low, in Score better high. Classes are counted 0, 1, 2, ...;
// probabilities stand row after row, one a class. Checked against scikit-learn (test/fixtures/classification.py).
import { averagePrecisionScore, rankPoints, rocAucScore } from "./ranking.ts";

/** Probabilities below this count as this: the logarithm of 0 would make one row outweigh all others. */
const leastProbability = 1e-15;

export interface Classified {
  readonly classes: number;
  /** The class of every row. */
  readonly actual: ArrayLike<number>;
  readonly probabilities: ArrayLike<number>;
  /** The class that was decided on for every row. */
  readonly decided: ArrayLike<number>;
  /** The class that precision, recall, F1, average precision and the Brier loss are of; all alike where it is left out. */
  readonly positive?: number;
}

export interface ClassMetrics {
  readonly rows: number;
  readonly logLoss: number;
  readonly brierLoss: number;
  readonly accuracyScore: number;
  readonly balancedAccuracyScore: number;
  readonly precisionScore: number;
  readonly recallScore: number;
  readonly f1Score: number;
  readonly matthewsScore: number;
  /** Null where all rows are of one class. */
  readonly rocAucScore: number | null;
  readonly averagePrecisionScore: number | null;
  readonly calibrationError: number;
}

/** Minus the logarithm of the probability of each row's own class. */
export function logLosses(
  classes: number,
  actual: ArrayLike<number>,
  probabilities: ArrayLike<number>,
): Float64Array {
  return Float64Array.from(
    actual,
    (label, row) => -Math.log(Math.min(1, Math.max(leastProbability, probabilities[row * classes + label]))),
  );
}

/** Rows by actual class (first index) and decided class (second). */
export function confusionOf(
  classes: number,
  actual: ArrayLike<number>,
  decided: ArrayLike<number>,
): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let row = 0; row < actual.length; row++) counts[actual[row]][decided[row]]++;
  return counts;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const meanOf = (values: readonly number[]) => sum(values) / values.length;
/** 0 over 0 is 0: a class that is never decided on has no precision to speak of. */
const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);

export interface ClassScores {
  readonly rows: number;
  readonly precisionScore: number;
  readonly recallScore: number;
  readonly f1Score: number;
}

/** Precision, recall and F1 of every class. */
export function scoresByClass(confusion: readonly (readonly number[])[]): ClassScores[] {
  return confusion.map((row, label) => {
    const rows = sum(row);
    const decided = sum(confusion.map((other) => other[label]));
    return {
      rows,
      precisionScore: share(row[label], decided),
      recallScore: share(row[label], rows),
      f1Score: share(2 * row[label], rows + decided),
    };
  });
}

/** Correlation of actual and decided classes (Gorodkin 2004): 1 is exact, 0 no better than chance or a single class. */
export function matthewsScore(confusion: readonly (readonly number[])[]): number {
  const actual = confusion.map(sum);
  const decided = confusion.map((_, label) => sum(confusion.map((row) => row[label])));
  const rows = sum(actual);
  const right = sum(confusion.map((row, label) => row[label]));
  const both = right * rows - sum(actual.map((count, label) => count * decided[label]));
  const squares = (counts: readonly number[]) => rows * rows - sum(counts.map((count) => count * count));
  return share(both, Math.sqrt(squares(actual) * squares(decided)));
}

export interface ReliabilityBin {
  readonly rows: number;
  readonly meanProbability: number;
  /** Share of the rows that are of the class. */
  readonly share: number;
}

/** Rows in bins of equal size by probability: what was said, and what came true. */
export function reliabilityBins(
  isPositive: ArrayLike<boolean>,
  probabilities: ArrayLike<number>,
  bins = 10,
): ReliabilityBin[] {
  const order = Uint32Array.from({ length: probabilities.length }, (_, row) => row).sort(
    (a, b) => probabilities[a] - probabilities[b],
  );
  const count = Math.min(bins, order.length);
  return Array.from({ length: count }, (_, bin) => {
    const rows = order.subarray(
      Math.round((bin * order.length) / count),
      Math.round(((bin + 1) * order.length) / count),
    );
    let [total, positives] = [0, 0];
    for (const row of rows) {
      total += probabilities[row];
      if (isPositive[row]) positives++;
    }
    return { rows: rows.length, meanProbability: total / rows.length, share: positives / rows.length };
  });
}

/** Mean distance between what was said and what came true, over bins of equal size (expected calibration error). */
export function calibrationErrorOf(bins: readonly ReliabilityBin[]): number {
  const rows = sum(bins.map((bin) => bin.rows));
  return sum(bins.map((bin) => (bin.rows / rows) * Math.abs(bin.meanProbability - bin.share)));
}

/** Every metric at once. Without a positive class, scores are means over the classes that occur. Throws RangeError for no rows. */
export function classMetrics({
  classes,
  actual,
  probabilities,
  decided,
  positive,
}: Classified): ClassMetrics {
  const rows = actual.length;
  if (rows === 0 || decided.length !== rows || probabilities.length !== rows * classes)
    throw new RangeError(
      `expected rows with ${classes} probabilities each; got ${rows}, ${decided.length} and ${probabilities.length}`,
    );
  const confusion = confusionOf(classes, actual, decided);
  const byClass = scoresByClass(confusion);
  const labels = Array.from({ length: classes }, (_, label) => label);
  const occurring = labels.filter((label) => byClass[label].rows > 0);
  // As scikit-learn's macro averages: classes that are decided on count too, though no row is of them.
  const shown = labels.filter((label) => byClass[label].rows > 0 || confusion.some((row) => row[label] > 0));
  const chosen = positive === undefined ? shown : [positive];
  const judged = positive === undefined ? labels : [positive];
  const ranked = judged.map((label) => {
    const isPositive = Array.from(actual, (own) => own === label);
    const scores = Float64Array.from(actual, (_, row) => probabilities[row * classes + label]);
    return { points: rankPoints(isPositive, scores), bins: reliabilityBins(isPositive, scores) };
  });
  const known = (value: number) => (Number.isFinite(value) ? value : null);
  let squares = 0;
  for (let row = 0; row < rows; row++)
    for (const label of judged)
      squares += (probabilities[row * classes + label] - (actual[row] === label ? 1 : 0)) ** 2;
  const losses = logLosses(classes, actual, probabilities);
  const of = (name: "precisionScore" | "recallScore" | "f1Score") =>
    meanOf(chosen.map((label) => byClass[label][name]));
  return {
    rows,
    logLoss: losses.reduce((total, loss) => total + loss, 0) / rows,
    brierLoss: squares / rows,
    accuracyScore: sum(labels.map((label) => confusion[label][label])) / rows,
    balancedAccuracyScore: meanOf(occurring.map((label) => byClass[label].recallScore)),
    precisionScore: of("precisionScore"),
    recallScore: of("recallScore"),
    f1Score: of("f1Score"),
    matthewsScore: matthewsScore(confusion),
    rocAucScore: known(meanOf(ranked.map(({ points }) => rocAucScore(points)))),
    averagePrecisionScore: known(meanOf(ranked.map(({ points }) => averagePrecisionScore(points)))),
    calibrationError: meanOf(ranked.map(({ bins }) => calibrationErrorOf(bins))),
  };
}
