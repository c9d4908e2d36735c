// A price taken apart: contributions as steps from the price of the average thing to exactly the price that was answered.
import type { ExplanationStep, PriceExplanation } from "../api/explanation.ts";
import { InputError } from "../api/problem.ts";
import { type Explanation, parseExplanation } from "../bundle/explanation.ts";
import { agreement } from "../bundle/manifest.ts";
import type { Row } from "../dataset/row.ts";
import type { DatasetSpec } from "../dataset/spec.ts";
import { toTable } from "../dataset/table.ts";
import { wordsIn } from "../dataset/words.ts";
import { exponential } from "../onnx/exponential.ts";
import { logarithm } from "../onnx/logarithm.ts";
import { signedSquare } from "../trees/margin.ts";
import { type Contributor, compileContributor } from "./contributions.ts";
import type { LinearExplanation } from "./linear.ts";
import { describeSteps } from "./sentence.ts";

export interface PriceExplainer {
  /** What it holds in memory, roughly. */
  readonly bytes: number;
  /**
   * Explains `prediction`, what the model answered for the checked `row`. Throws InputError where explain.json leads to another price:
   * then it is another model's. Not reentrant.
   */
  explain(row: Row, prediction: number): PriceExplanation;
}

/** Reads the parsed text of an explain.json. Throws InputError where it is not sound. */
export function compileExplainer(spec: DatasetSpec, file: unknown): PriceExplainer {
  return explainerOf(spec, parseExplanation(file));
}

function explainerOf(spec: DatasetSpec, explanation: Explanation): PriceExplainer {
  const contributor = compileContributor(spec, explanation);
  return {
    bytes: contributor.bytes,
    explain(row, prediction) {
      const contributions = contributor.over(toTable(spec, [row]))(0);
      const scale = scales[contributor.link];
      const rest = restOf(spec, contributor, contributions, prediction);
      const steps = takeSteps(spec, row, scale, contributions, { prediction, ...rest });
      const base = { value: scale.toPrice(contributions.base), margin: contributions.base };
      const numbers = [
        base.value,
        base.margin,
        ...steps.flatMap(({ amount, factor = 1 }) => [amount, factor]),
      ];
      if (!numbers.every(Number.isFinite))
        throw new InputError("this price is too far from the average one to be told in steps");
      const told = { scale: scale.name, base, steps } as const;
      return { ...told, sentence: describeSteps(spec, told, prediction) };
    },
  };
}

interface Scale {
  readonly name: PriceExplanation["scale"];
  readonly toPrice: (margin: number) => number;
  readonly toMargin: (price: number) => number;
}

const factorScale: Scale = { name: "factor", toPrice: exponential, toMargin: logarithm };
const sumScale: Scale = { name: "sum", toPrice: (margin) => margin, toMargin: (price) => price };
/** Contributions add up on the square root; the steps between running prices add up all the same. */
const squareScale: Scale = {
  name: "sum",
  toPrice: signedSquare,
  toMargin: (price) => Math.sign(price) * Math.sqrt(Math.abs(price)),
};
const scales: Readonly<Record<Contributor["link"], Scale>> = {
  identity: sumScale,
  exp: factorScale,
  square: squareScale,
};

interface Rest {
  /** What float32 sums leave between the contributions and the price, on the margin's scale. */
  readonly rounding: number;
  /** What a bound of the model or of the spec adds, on the margin's scale; 0 where none holds. */
  readonly bounded: number;
}

/** What lies between the margin that contributions add up to and the price, and whether a bound accounts for it. */
function restOf(
  spec: DatasetSpec,
  { link, low, high }: Contributor,
  { base, contributions }: LinearExplanation,
  prediction: number,
): Rest {
  const scale = scales[link];
  const margin = contributions.reduce((sum, one) => sum + one, base);
  // Runtimes may differ by `agreement` of the price. A sum of large contributions that cancel out errs by their size.
  const size = contributions.reduce((sum, one) => sum + Math.abs(one), Math.abs(base));
  const allowed = agreement * (scale.name === "factor" ? Math.max(1, size) : size);
  const minimum = scale.toMargin(spec.target.minimum ?? Number.NEGATIVE_INFINITY);
  const lowest = Number.isNaN(minimum) ? low : Math.max(low, minimum);
  const bounded = Math.min(Math.max(margin, lowest), Math.max(high, lowest)) - margin;
  const rest = scale.toMargin(prediction) - margin;
  if (!(Math.abs(rest - bounded) <= allowed))
    throw new InputError("explain.json does not add up to the model's price: it belongs to another model");
  return Math.abs(bounded) > allowed ? { rounding: 0, bounded: rest } : { rounding: rest, bounded: 0 };
}

const boundTitle = "Bound of the model's prices";

/** The steps, largest contribution first. Rounding is spread over them in proportion, so that the last price is the prediction. */
function takeSteps(
  spec: DatasetSpec,
  row: Row,
  scale: Scale,
  { base, contributions }: LinearExplanation,
  { prediction, rounding, bounded }: Rest & { readonly prediction: number },
): ExplanationStep[] {
  const order = spec.features
    .map((feature, at) => ({ feature, contribution: contributions[at] }))
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  const total = order.reduce((sum, { contribution }) => sum + Math.abs(contribution), 0);
  let margin = base;
  let passed = 0;
  let running = scale.toPrice(base);
  const stepTo = (price: number) => {
    const before = running;
    running = price;
    const amount = price - before;
    return scale.name === "factor" ? { factor: price / before, amount, running } : { amount, running };
  };
  const steps = order.map(({ feature, contribution }, place): ExplanationStep => {
    margin += contribution;
    passed += Math.abs(contribution);
    // The same sum in the same order: after the last contribution that is not 0 it equals the total exactly.
    const isLast = bounded === 0 && (total > 0 ? passed === total : place === order.length - 1);
    const share = total > 0 ? passed / total : 0;
    return {
      feature: feature.name,
      title: wordsIn(feature.title) ?? feature.name,
      value: row[feature.name] ?? null,
      unit: (feature.type === "number" ? feature.unit : undefined) ?? null,
      contribution,
      ...stepTo(
        isLast ? prediction : contribution === 0 ? running : scale.toPrice(margin + rounding * share),
      ),
    };
  });
  if (bounded === 0) return steps;
  const bound = { feature: null, title: boundTitle, value: null, unit: null, contribution: bounded };
  return [...steps, { ...bound, ...stepTo(prediction) }];
}
