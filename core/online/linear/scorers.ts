// One weighted sum of a row's terms, and how it moves: squared and logistic loss by an optimizer, or passive-aggressive steps.
import { exponential } from "../../onnx/exponential.ts";
import { isAnything, isNumber, partOf, type Saved } from "../saved.ts";
import { type OptimizerName, Weights } from "./optimizers.ts";
import type { RowTerms } from "./weights.ts";

export type Loss = "squared" | "logistic" | "passiveAggressive" | "passiveAggressiveClass";

export interface ScorerSettings {
  readonly loss: Loss;
  readonly optimizer: OptimizerName;
  readonly rate: number;
  /** What a squared weight costs a step. */
  readonly l2: number;
}

const interceptRate = 0.01;
const largestGradient = 1e12;
/** Passive-aggressive: the largest step, and the error that is let pass (Crammer et al. 2006, PA-I). */
const aggressiveness = 1;
const tolerated = 0.1;

export function sigmoid(x: number): number {
  if (x < -500) return 0;
  return 1 / (1 + exponential(-x));
}

/** Derivative of the logistic loss by the score, for answers of -1 and 1. */
function logisticGradient(answer: number, score: number): number {
  const margin = answer * score;
  if (margin > 18) return -answer * exponential(-margin);
  if (margin < -18) return -answer;
  return -answer / (exponential(margin) + 1);
}

export class Scorer {
  readonly #settings: ScorerSettings;
  #weights: Weights;
  #intercept = 0;

  constructor(settings: ScorerSettings) {
    this.#settings = settings;
    this.#weights = new Weights(settings.optimizer, settings.rate);
  }

  score(terms: RowTerms): number {
    const { values } = this.#weights;
    let sum = this.#intercept;
    for (let k = 0; k < terms.length; k++) {
      const place = terms.at[k];
      if (place < values.length) sum += values[place] * terms.values[k];
    }
    return sum;
  }

  /** `answer` is a number, or -1 and 1 for the losses of classes. */
  learn(terms: RowTerms, answer: number): void {
    this.#weights.grow(terms.places);
    const { loss, l2 } = this.#settings;
    const score = this.score(terms);
    if (loss === "passiveAggressive" || loss === "passiveAggressiveClass") {
      this.#learnPassively(terms, answer, score, loss === "passiveAggressiveClass");
      return;
    }
    const raw = loss === "squared" ? 2 * (score - answer) : logisticGradient(answer, score);
    const gradient = Math.max(-largestGradient, Math.min(largestGradient, raw));
    this.#intercept -= interceptRate * gradient;
    for (let k = 0; k < terms.length; k++) {
      const place = terms.at[k];
      this.#weights.step(place, gradient * terms.values[k] + l2 * this.#weights.values[place]);
    }
  }

  #learnPassively(terms: RowTerms, answer: number, score: number, isClass: boolean): void {
    const loss = isClass
      ? Math.max(0, 1 - answer * score)
      : Math.max(0, Math.abs(answer - score) - tolerated);
    let length = 0;
    for (let k = 0; k < terms.length; k++) length += terms.values[k] ** 2;
    if (!(length > 0) || loss === 0) return;
    const step = Math.min(aggressiveness, loss / length) * (isClass ? answer : Math.sign(answer - score));
    for (let k = 0; k < terms.length; k++) this.#weights.values[terms.at[k]] += step * terms.values[k];
    this.#intercept += step;
  }

  save(): Saved {
    return { weights: this.#weights.save(), intercept: this.#intercept };
  }

  static restore(saved: Saved, settings: ScorerSettings): Scorer {
    const scorer = new Scorer(settings);
    scorer.#weights = Weights.restore(
      partOf(saved, "weights", isAnything),
      settings.optimizer,
      settings.rate,
    );
    scorer.#intercept = partOf(saved, "intercept", isNumber);
    return scorer;
  }
}
