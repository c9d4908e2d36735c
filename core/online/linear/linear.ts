// Linear and logistic learners: standardised numbers, one weight a level, one scorer or one a class.
import { widen } from "../baselines.ts";
import type { Learner, LearnerKind, OnlineRow, RowShape } from "../learner.ts";
import { isAnything, isList, isNumber, partOf, type Saved } from "../saved.ts";
import { type Loss, Scorer, type ScorerSettings, sigmoid } from "./scorers.ts";
import { RowTerms } from "./weights.ts";

class LinearLearner implements Learner {
  readonly #settings: ScorerSettings;
  #terms: RowTerms;
  #scorer: Scorer;
  readonly #out = new Float64Array(1);

  constructor(settings: ScorerSettings, shape: RowShape) {
    this.#settings = settings;
    this.#terms = new RowTerms(shape);
    this.#scorer = new Scorer(settings);
  }

  predictOne(row: OnlineRow): Float64Array {
    this.#terms.read(row);
    const score = this.#scorer.score(this.#terms);
    this.#out[0] = Number.isFinite(score) ? score : 0;
    return this.#out;
  }

  learnOne(row: OnlineRow, target: number): void {
    this.#terms.observe(row);
    this.#terms.read(row);
    this.#scorer.learn(this.#terms, target);
  }

  save(): Saved {
    return { terms: this.#terms.save(), scorer: this.#scorer.save() };
  }

  static restore(saved: Saved, settings: ScorerSettings, shape: RowShape): LinearLearner {
    const learner = new LinearLearner(settings, shape);
    learner.#terms = RowTerms.restore(partOf(saved, "terms", isAnything), shape);
    learner.#scorer = Scorer.restore(partOf(saved, "scorer", isAnything), learner.#settings);
    return learner;
  }
}

/** Two classes share one scorer, whose sign tells them apart; more have one each, against all others. */
class ClassLearner implements Learner {
  readonly #settings: ScorerSettings;
  #terms: RowTerms;
  #scorers: Scorer[] = [];
  #classes = 0;
  #out = new Float64Array(0);

  constructor(settings: ScorerSettings, shape: RowShape) {
    this.#settings = settings;
    this.#terms = new RowTerms(shape);
  }

  predictOne(row: OnlineRow): Float64Array {
    if (this.#classes === 0) return this.#out;
    this.#terms.read(row);
    if (this.#classes <= 2) {
      const share = this.#scorers.length > 0 ? sigmoid(this.#scorers[0].score(this.#terms)) : 0;
      if (this.#classes === 1) this.#out[0] = 1;
      else {
        this.#out[1] = Number.isNaN(share) ? 0.5 : share;
        this.#out[0] = 1 - this.#out[1];
      }
      return this.#out;
    }
    let total = 0;
    this.#scorers.forEach((scorer, label) => {
      const share = sigmoid(scorer.score(this.#terms));
      this.#out[label] = Number.isNaN(share) ? 0 : share;
      total += this.#out[label];
    });
    for (let label = 0; label < this.#classes; label++)
      this.#out[label] = total > 0 ? this.#out[label] / total : 1 / this.#classes;
    return this.#out;
  }

  learnOne(row: OnlineRow, target: number): void {
    if (target >= this.#classes) {
      this.#classes = target + 1;
      this.#out = widen(this.#out, this.#classes);
    }
    this.#terms.observe(row);
    this.#terms.read(row);
    // The first scorer is for class 1 while there are two; a third class starts one for each.
    const wanted = this.#classes <= 2 ? 1 : this.#classes;
    if (wanted > 1 && this.#scorers.length === 1)
      this.#scorers = [new Scorer(this.#settings), ...this.#scorers];
    while (this.#scorers.length < wanted) this.#scorers.push(new Scorer(this.#settings));
    if (wanted === 1) this.#scorers[0].learn(this.#terms, target === 1 ? 1 : -1);
    else
      this.#scorers.forEach((scorer, label) => {
        scorer.learn(this.#terms, label === target ? 1 : -1);
      });
  }

  save(): Saved {
    return {
      terms: this.#terms.save(),
      classes: this.#classes,
      scorers: this.#scorers.map((scorer) => scorer.save()),
    };
  }

  static restore(saved: Saved, settings: ScorerSettings, shape: RowShape): ClassLearner {
    const learner = new ClassLearner(settings, shape);
    learner.#terms = RowTerms.restore(partOf(saved, "terms", isAnything), shape);
    learner.#scorers = partOf(saved, "scorers", isList).map((one) => Scorer.restore(one, settings));
    learner.#classes = partOf(saved, "classes", isNumber);
    learner.#out = new Float64Array(learner.#classes);
    return learner;
  }
}

function linearKind(
  title: string,
  losses: readonly [Loss, Loss],
  rest: Omit<ScorerSettings, "loss">,
): LearnerKind {
  const settings = (loss: Loss) => ({ ...rest, loss });
  const [ofNumbers, ofClasses] = losses;
  return {
    title,
    tasks: ["regression", "classes"],
    create: (task, shape) =>
      task === "regression"
        ? new LinearLearner(settings(ofNumbers), shape)
        : new ClassLearner(settings(ofClasses), shape),
    restore: (saved, task, shape) =>
      task === "regression"
        ? LinearLearner.restore(saved, settings(ofNumbers), shape)
        : ClassLearner.restore(saved, settings(ofClasses), shape),
  };
}

const losses = ["squared", "logistic"] as const;

export const linear = linearKind("Linear or logistic, SGD", losses, { optimizer: "sgd", rate: 0.01, l2: 0 });
export const adagrad = linearKind("Linear or logistic, AdaGrad", losses, {
  optimizer: "adagrad",
  rate: 0.1,
  l2: 0,
});
export const ftrl = linearKind("Linear or logistic, FTRL", losses, { optimizer: "ftrl", rate: 0.05, l2: 0 });
export const passiveAggressive = linearKind(
  "Passive-aggressive",
  ["passiveAggressive", "passiveAggressiveClass"],
  { optimizer: "sgd", rate: 1, l2: 0 },
);
