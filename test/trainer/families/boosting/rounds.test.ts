// Weights, early stopping and sampling over whole fits; the margins that training keeps are the ensemble's own.
import { describe, expect, it } from "vitest";
import { seeded } from "../../../../trainer/random.ts";
import { boost, drawSample, marginsOf, type Sample } from "./rows.ts";

const rootMeanSquare = (sample: Sample, margins: readonly Float32Array[]) =>
  Math.sqrt(
    margins.reduce((sum, [margin], row) => sum + (margin - sample.target[row]) ** 2, 0) / margins.length,
  );

it("learns numbers, grades, levels and what is missing", () => {
  const [train, test] = [drawSample(4000, 1), drawSample(1000, 2)];
  const { ensemble } = boost(train, { trees: 150 });
  // The noise alone is 0.03; the target's own spread is about 5.
  expect(rootMeanSquare(test, marginsOf(ensemble, test.matrix))).toBeLessThan(0.3);
});

describe("validation rows", () => {
  const train = drawSample(600, 3);
  const noise = seeded(4);
  const noisy = { ...train, target: train.target.map((value) => value + 8 * noise()) };
  const validation = drawSample(400, 5);
  const fitted = boost(noisy, { trees: 400, learningRate: 0.3, validation, earlyStopping: 10 });

  it("stop the rounds and drop those after the best", () => {
    const { validation: losses, rounds } = fitted.history;
    expect(rounds).toBeLessThan(400);
    expect(losses).toHaveLength(rounds + 10);
    expect(losses[rounds - 1]).toBe(Math.min(...losses));
    expect(fitted.ensemble.trees).toHaveLength(rounds);
  });

  it("are measured by the margins that the ensemble gives them", () => {
    const margins = marginsOf(fitted.ensemble, validation.matrix);
    expect(rootMeanSquare(validation, margins)).toBeCloseTo(
      fitted.history.validation[fitted.history.rounds - 1],
      5,
    );
  });

  it("change no tree", () => {
    const alone = boost(noisy, { trees: 5 });
    const watched = boost(noisy, { trees: 5, validation });
    expect(watched.ensemble).toEqual(alone.ensemble);
  });
});

it.each([1, 0.5])(
  "keeps the margins of rows that it draws and of those that it does not (share %d)",
  (rowShare) => {
    const sample = drawSample(2000, 6);
    // With every row in both parts, the loss on the validation rows is that of training's own margins: drawn, left out or watched.
    const { ensemble, history } = boost(sample, { trees: 20, rowShare, validation: sample });
    expect(history.validation.at(-1)).toBeCloseTo(
      rootMeanSquare(sample, marginsOf(ensemble, sample.matrix)),
      5,
    );
    const longer = boost(sample, { trees: 200, rowShare, learningRate: 0.2 });
    // Margins that were lost on the way would leave residuals that no number of trees can take away.
    expect(rootMeanSquare(sample, marginsOf(longer.ensemble, sample.matrix))).toBeLessThan(0.12);
  },
);

it("takes a weight of k as k rows, up to the rounding of gradients to fixed point", () => {
  const random = seeded(8);
  const rows = 300;
  const x = Float32Array.from({ length: rows }, () => Math.round(random() * 40));
  const target = x.map((value) => Math.sin(value / 6) * 10 + random());
  const weights = Float32Array.from({ length: rows }, () => Math.floor(random() * 4));
  const repeated = [...weights.keys()].flatMap((row) => new Array<number>(weights[row]).fill(row));
  const numbers = (values: Float32Array) => ({
    rows: values.length,
    features: [{ name: "x", type: "number" as const, values }],
  });
  const options = { trees: 50, minChildWeight: 3 };
  const weighted = boost({ matrix: numbers(x), target }, { ...options, weights });
  const long = boost(
    {
      matrix: numbers(Float32Array.from(repeated, (row) => x[row])),
      target: Float32Array.from(repeated, (row) => target[row]),
    },
    options,
  );
  const asked = numbers(Float32Array.from({ length: 41 }, (_, k) => k));
  const [a, b] = [weighted, long].map(({ ensemble }) => marginsOf(ensemble, asked).map(([margin]) => margin));
  a.forEach((margin, k) => {
    expect(margin).toBeCloseTo(b[k], 3);
  });
});

it("reports progress", () => {
  const seen: [number, number][] = [];
  boost(drawSample(100, 1), { trees: 3, progress: (done, total) => seen.push([done, total]) });
  expect(seen).toEqual([
    [1, 3],
    [2, 3],
    [3, 3],
  ]);
});
