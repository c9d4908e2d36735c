// XGBoost's objectives: which link their margins take and how the file's base score, which is in output space, becomes a margin.
// Source: ProbToMargin and PredTransform in XGBoost's src/objective.
import { InputError, quoted } from "#core/api/problem.ts";
import type { Link } from "#core/trees/ensemble.ts";

interface Objective {
  readonly link: Link;
  /** Margin of a base score, in float32 as XGBoost computes it. */
  toMargin(baseScore: number): number;
}

const identity: Objective = { link: "identity", toMargin: (score) => score };
const exp: Objective = { link: "exp", toMargin: (score) => Math.fround(Math.log(score)) };
const toLogit = (score: number) =>
  Math.fround(-Math.fround(Math.log(Math.fround(Math.fround(1 / score) - 1))));
const sigmoid: Objective = { link: "sigmoid", toMargin: toLogit };
const softmax: Objective = { link: "softmax", toMargin: (score) => score };

const objectives: Readonly<Record<string, Objective>> = {
  "reg:squarederror": identity,
  "reg:linear": identity,
  "reg:squaredlogerror": identity,
  "reg:absoluteerror": identity,
  "reg:pseudohubererror": identity,
  "reg:quantileerror": identity,
  "count:poisson": exp,
  "reg:gamma": exp,
  "reg:tweedie": exp,
  "reg:logistic": sigmoid,
  "binary:logistic": sigmoid,
  // Raw logits: here the base score is one too.
  "binary:logitraw": identity,
  "multi:softprob": softmax,
  "multi:softmax": softmax,
};

/** Objectives whose identity margin is the target itself, or its logarithm where the model was fitted to that. */
const regressions: ReadonlySet<string> = new Set([
  "reg:squarederror",
  "reg:linear",
  "reg:absoluteerror",
  "reg:pseudohubererror",
  "reg:quantileerror",
]);

export function isXgboostRegression(name: string): boolean {
  return regressions.has(name);
}

/** Throws InputError naming those objectives that are read. */
export function findXgboostObjective(name: string): Objective {
  if (Object.hasOwn(objectives, name)) return objectives[name];
  throw new InputError(
    `objective: expected one of ${Object.keys(objectives).join(", ")}; got ${quoted(name)}`,
  );
}

/** Base scores in the file's own space: one number, or since 3.1 a list of them written as "[5E-1,...]". */
export function parseBaseScore(text: string): number[] {
  const inner = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  const scores = inner
    .split(",", 10_000)
    .map((part) => (part.trim() === "" ? Number.NaN : Math.fround(Number(part))));
  if (scores.every(Number.isFinite)) return scores;
  throw new InputError(`base_score: expected a number or a list of numbers; got ${quoted(text)}`);
}
