// Classes from rows to a bundle: calibrated probabilities, sets that keep their coverage in every class, probes, errors, the card.
import { describe, expect, it } from "vitest";
import { calibrateSets, setOf } from "#core/bundle/class-sets.ts";
import { parseHeldOut } from "#core/bundle/held-out.ts";
import { asClasses } from "#core/bundle/metrics-kind.ts";
import { feedsOf } from "#core/onnx/feeds.ts";
import { loadModel } from "#core/onnx/model.ts";
import { decideClasses } from "#core/tasks/classes.ts";
import { fitCalibration } from "../../trainer/classes/fit-calibration.ts";
import type { Family } from "../../trainer/families/family.ts";
import { logistic } from "../../trainer/families/linear/logistic/index.ts";
import { challenge, toOpponent } from "../../trainer/gate.ts";
import { prepareData } from "../../trainer/prepare.ts";
import { silentProgress } from "../../trainer/progress.ts";
import { seeded } from "../../trainer/random.ts";
import { rankModels, train } from "../../trainer/train.ts";
import { classSpec, drawVisits } from "../contracts/class-family.ts";

const levels = ["left", "asked", "bought"];
const spec = classSpec(levels);
const rows = drawVisits(spec, 600, 9).map(({ row, label }, at) => ({
  row: at + 1,
  values: { ...row, outcome: levels[label] },
}));

describe("a training on classes", async () => {
  const data = await prepareData(spec, rows, 3);
  const [first] = logistic.candidates(spec);
  const single = { ...logistic, candidates: () => [first] } as unknown as Family;
  const results = await train(data, [single], {
    environment: { code: "test", node: "24", platform: "test" },
    parent: null,
    now: () => new Date(0),
    modelsPerFamily: 1,
    progress: silentProgress,
  });
  const [{ manifest, files }] = rankModels(results);
  const onnx = files.get("model.onnx")!;
  const model = loadModel(onnx);

  it("says how well it does, and keeps the promise of its sets in every class", () => {
    const metrics = asClasses(manifest.metrics.heldOut)!;
    expect(metrics.rows).toBe(data.test.rows);
    expect(metrics.logLoss).toBeLessThan(0.5);
    const [asIs] = manifest.metrics.sets!;
    expect(asIs).toMatchObject({ given: "as they are", coverage: 0.9 });
    for (const { rows: count, within } of asIs.classes) {
      expect(count).toBeGreaterThan(10);
      // Three standard deviations of chance below the promise.
      expect(within).toBeGreaterThan(0.9 - 3 * Math.sqrt(0.09 / count));
    }
    expect(manifest.classes?.counts.map(({ level }) => level)).toEqual(levels);
    const confused = manifest.metrics.confusion!.flat().reduce((sum, count) => sum + count, 0);
    expect(confused).toBe(data.test.rows);
  });

  it("answers its probe rows with the labels and probabilities of the manifest", () => {
    const feeds = feedsOf(
      spec,
      manifest.probes.map(({ row }) => row),
    );
    const labels = model.texts(feeds, manifest.probes.length).label;
    const probabilities = model.run(feeds, manifest.probes.length).probabilities;
    manifest.probes.forEach((probe, at) => {
      expect(labels[at]).toBe(probe.prediction);
      expect([...probabilities.subarray(at * 3, at * 3 + 3)]).toEqual(probe.probabilities);
    });
  });

  it("keeps the log loss of every held-out row, and a card with curves and sets", () => {
    const { errors } = parseHeldOut(files.get("held-out.bin")!);
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    expect(mean).toBeCloseTo(asClasses(manifest.metrics.heldOut)!.logLoss, 5);
    const card = new TextDecoder().decode(files.get("card.html"));
    for (const text of [
      "ROC curve",
      "Precision and recall",
      "Confusion of classes",
      "Said and come true",
      "Sets of 90 % by class",
    ])
      expect(card).toContain(text);
    expect(card).not.toContain("Where to decide");
  });

  it("is held against a champion by log loss", () => {
    const predicted = model.predict(
      feedsOf(
        spec,
        data.testRows.map(({ features }) => features),
      ),
      data.test.rows,
    );
    const worse = Float64Array.from(predicted, (_, at) => [0.4, 0.3, 0.3][at % 3]);
    const report = challenge(data, predicted, { id: "prior-000000000000", predicted: worse });
    expect(report).toMatchObject({ promote: true, rows: data.test.rows });
    expect(report.logLoss!.challenger).toBeLessThan(report.logLoss!.champion);
    expect(toOpponent(data, "a-000000000000", onnx)?.predicted).toHaveLength(predicted.length);
  });
});

describe("calibration", () => {
  const draw = (count: number, bend: (p: number) => number) => {
    const random = seeded(4);
    const truth = Array.from({ length: count }, () => random());
    return {
      classes: 2,
      actual: truth.map((p) => (random() < p ? 1 : 0)),
      probabilities: Float64Array.from(truth.flatMap((p) => [1 - bend(p), bend(p)])),
      folds: { count: 5, assigned: truth.map((_, at) => at % 5) },
    };
  };
  const sharpen = (p: number) => p ** 3 / (p ** 3 + (1 - p) ** 3);

  it("puts overconfident probabilities right: the slope that undoes what was done to them", () => {
    const { calibration, probabilities } = fitCalibration(draw(4000, sharpen));
    expect(calibration?.scale).toBeGreaterThan(0.28);
    expect(calibration?.scale).toBeLessThan(0.39);
    expect(probabilities).toHaveLength(8000);
  });

  it("leaves probabilities alone that are worth what they say", () => {
    const given = draw(400, (p) => p);
    const { calibration, probabilities } = fitCalibration(given);
    if (calibration === undefined) expect(probabilities).toBe(given.probabilities);
    else expect(calibration.scale).toBeCloseTo(1, 0);
  });
});

describe("sets of classes", () => {
  const rank = (count: number) => Array.from({ length: count }, (_, at) => (at + 1) / (count + 1));
  const scores = [...rank(9), ...rank(3)];
  const sets = {
    residuals: "out-of-fold" as const,
    ...calibrateSets(2, {
      completeness: scores.map(() => "complete" as const),
      actual: scores.map((_, at) => (at < 9 ? 0 : 1)),
      probabilities: scores.flatMap((own, at) => (at < 9 ? [own, 1 - own] : [1 - own, own])),
    }),
  };

  it("hold a class from the rank that its rows promise, and always where they are too few", () => {
    const at = sets.coverages.indexOf(0.9);
    expect(sets.groups.complete?.least[0][at]).toBeCloseTo(0.1, 12);
    expect(sets.groups.complete?.least[1][at]).toBe(0);
    expect(setOf(sets, [0.95, 0.05], "complete", 0.9).members).toEqual([0, 1]);
    expect(setOf(sets, [0.05, 0.95], "complete", 0.9).members).toEqual([1]);
    expect(setOf(sets, [0.2, 0.8], "partial", 0.9).members).toEqual([1, 0]);
  });

  it("hold the most probable class at least, and say the most that was calibrated", () => {
    const { members, coverage } = setOf(sets, [0.6, 0.4], "complete", 0.999);
    expect(members[0]).toBe(0);
    expect(coverage).toBe(0.99);
  });
});

it("decides on the positive class by what mistakes cost", () => {
  const costly = {
    ...classSpec(["left", "bought"]),
    target: { ...classSpec(["left", "bought"]).target, cost: { falsePositive: 1, falseNegative: 4 } },
  };
  expect([...decideClasses(costly, [0.79, 0.21, 0.81, 0.19])]).toEqual([1, 0]);
});
