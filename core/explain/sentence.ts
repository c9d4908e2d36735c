// An explanation in one line of plain English: where the price starts, its largest steps, and the small ones together.
import type { ExplanationStep, PriceExplanation } from "../api/explanation.ts";
import type { DatasetSpec } from "../dataset/spec.ts";
import { wordsIn } from "../dataset/words.ts";

/** Steps that are named at most; a step that moves the price by less than this share of it is told with the others. */
const named = { steps: 6, share: 0.005 } as const;

/** "7,082", "98.5", "0.0412": what matters of an amount, the same in every runtime, whatever its locale. */
function formatNumber(value: number): string {
  const size = Math.abs(value);
  const text = size >= 100 && size < 1e15 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
  return text.replace(/^(-?\d{4,})(?=$|\.)/, (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ","));
}

const formatAmount = (value: number, unit: string) => `${formatNumber(value)} ${unit}`;

function formatChange(factor: number | undefined, amount: number, unit: string): string {
  if (factor !== undefined) return `×${formatNumber(factor)}`;
  return `${amount < 0 ? "−" : "+"}${formatAmount(Math.abs(amount), unit)}`;
}

function nameStep({ feature, title, value, unit }: ExplanationStep): string {
  if (feature === null) return title;
  if (value === null) return `${title} not given`;
  return `${title} ${value}${unit === null ? "" : ` ${unit}`}`;
}

/** " (Table and Depth not given)": which of the small steps are those of features that the row does not give. */
function nameAbsent(steps: readonly ExplanationStep[]): string {
  const titles = steps
    .filter(({ feature, value }) => feature !== null && value === null)
    .map(({ title }) => title);
  if (titles.length === 0) return "";
  if (titles.length > named.steps) return ` (${titles.length} features not given)`;
  const last = titles.slice(-1);
  return ` (${[titles.slice(0, -1).join(", "), ...last].filter(Boolean).join(" and ")} not given)`;
}

/** Whether a step is worth its own words. */
function isLarge({ factor, amount, feature }: ExplanationStep, prediction: number): boolean {
  if (feature === null) return true;
  if (factor !== undefined) return Math.abs(factor - 1) >= named.share;
  return Math.abs(amount) >= named.share * Math.abs(prediction);
}

/**
 * "Starts at 2,408 USD, the average of Diamonds; Weight 1.01 ct ×2.94; Clarity VS1 ×1.18; Table not given ×0.99; and 3 smaller steps
 * ×1.01 (Depth not given): 7,082 USD."
 */
export function describeSteps(
  spec: DatasetSpec,
  { base, steps }: Pick<PriceExplanation, "base" | "steps">,
  prediction: number,
): string {
  const { unit } = spec.target;
  const large = steps.filter((step, at) => isLarge(step, prediction) && (at < named.steps || !step.feature));
  const small = steps.filter((step) => !large.includes(step) && step.contribution !== 0);
  const tellStep = (step: ExplanationStep) =>
    `${nameStep(step)} ${formatChange(step.factor, step.amount, unit)}`;
  const parts = [
    `Starts at ${formatAmount(base.value, unit)}, the average of ${wordsIn(spec.title)}`,
    ...large.filter(({ feature }) => feature !== null).map(tellStep),
  ];
  if (small.length > 0) {
    const factor = small.reduce<number | undefined>(
      (product, step) => product && step.factor && product * step.factor,
      1,
    );
    const amount = small.reduce((sum, step) => sum + step.amount, 0);
    const count = small.length === 1 ? "1 smaller step" : `${small.length} smaller steps`;
    parts.push(`and ${count} ${formatChange(factor, amount, unit)}${nameAbsent(small)}`);
  }
  parts.push(...large.filter(({ feature }) => feature === null).map(tellStep));
  return `${parts.join("; ")}: ${formatAmount(prediction, unit)}.`;
}
