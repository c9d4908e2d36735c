// What every learner must do, whatever it is fed: the suite that a new one runs by being registered.
import { describe, expect, it } from "vitest";
import { InputError } from "#core/api/problem.ts";
import type { Learner, LearnerKind, OnlineTask, RowShape } from "#core/online/learner.ts";
import { learners } from "#core/online/learners.ts";
import { decodeSaved, encodeSaved } from "#core/online/saved.ts";
import { seeded } from "#core/random.ts";

const shape: RowShape = { isCategory: Uint8Array.of(0, 0, 1) };

interface Event {
  readonly row: Float64Array;
  readonly target: number;
}

/** Two numbers and a level with missing values among them; the answer follows the first number and the level. */
function draw(task: OnlineTask, count: number, seed = 1): Event[] {
  const random = seeded(seed);
  return Array.from({ length: count }, () => {
    const [a, b, level] = [random() * 10, random() - 0.5, Math.floor(random() * 4)];
    const signal = a + (level === 2 ? 6 : 0) + random();
    const row = Float64Array.of(a, random() < 0.1 ? Number.NaN : b, random() < 0.05 ? Number.NaN : level);
    return { row, target: task === "regression" ? signal : signal > 8 ? 1 : 0 };
  });
}

function feed(learner: Learner, events: readonly Event[]): number[][] {
  return events.map(({ row, target }) => {
    const predicted = [...learner.predictOne(row)];
    learner.learnOne(row, target);
    return predicted;
  });
}

const cases = Object.entries(learners).flatMap(([name, kind]) =>
  kind.tasks.map((task) => ({ name, task, kind: kind as LearnerKind })),
);

describe.each(cases)("$name, $task", ({ name, task, kind }) => {
  const start = (seed = 1) => kind.create(task, shape, seed);

  it("answers before anything was learnt", () => {
    const predicted = [...start().predictOne(Float64Array.of(1, 2, 0))];
    expect(predicted).toEqual(task === "regression" ? [0] : []);
  });

  it("gives finite numbers, or probabilities that add up to 1", () => {
    for (const predicted of feed(start(), draw(task, 400)).slice(1)) {
      expect(predicted.every(Number.isFinite)).toBe(true);
      if (task === "regression") continue;
      expect(predicted.every((one) => one >= 0 && one <= 1)).toBe(true);
      expect(predicted.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9);
    }
  });

  it("goes on bit for bit from what it saved, and learning is the same for the same seed", () => {
    const events = draw(task, 500);
    const whole = start();
    const all = feed(whole, events);
    const first = start();
    feed(first, events.slice(0, 230));
    const bytes = encodeSaved(first.save());
    const second = kind.restore(decodeSaved(bytes), task, shape);
    expect(feed(second, events.slice(230))).toEqual(all.slice(230));
    expect(encodeSaved(second.save())).toEqual(encodeSaved(whole.save()));
  });

  it("does not change when it only predicts", () => {
    const learner = start();
    const events = draw(task, 120);
    feed(learner, events);
    const before = encodeSaved(learner.save());
    for (const { row } of events) learner.predictOne(row);
    expect(encodeSaved(learner.save())).toEqual(before);
  });

  it("bears missing rows, constant columns, unseen levels and numbers far off", () => {
    const learner = start();
    const rows = [
      Float64Array.of(Number.NaN, Number.NaN, Number.NaN),
      Float64Array.of(1, 1, 0),
      Float64Array.of(1, 1, 0),
      Float64Array.of(1e12, -1e12, 900),
      Float64Array.of(0, 0, 3),
    ];
    for (let round = 0; round < 20; round++) {
      for (const [at, row] of rows.entries()) {
        expect([...learner.predictOne(row)].every(Number.isFinite)).toBe(true);
        learner.learnOne(row, task === "regression" ? at * 1e6 : at % 2);
      }
    }
  });

  it("learns a class that comes late", () => {
    if (task === "regression") return;
    const learner = start();
    feed(learner, draw(task, 100));
    const late = Float64Array.of(100, 0, 1);
    for (let at = 0; at < 60; at++) learner.learnOne(late, 2);
    const predicted = [...learner.predictOne(late)];
    expect(predicted).toHaveLength(3);
    // The prior alone does not look at the row.
    if (name !== "mean") expect(predicted.indexOf(Math.max(...predicted))).toBe(2);
  });

  it("refuses what it never saved", () => {
    for (const saved of [null, 1, "x", {}, []])
      expect(() => kind.restore(saved, task, shape)).toThrow(InputError);
  });
});

/** Those that look at the row, and are to beat the baselines. */
const thinking = cases.filter(({ name }) => name !== "mean" && name !== "last");

describe.each(thinking)("$name, $task, against the baselines", ({ task, kind }) => {
  it("errs less than the mean, or the prior", () => {
    const events = draw(task, 1500);
    const errorOf = (one: LearnerKind) =>
      feed(one.create(task, shape, 1), events)
        .slice(500)
        .reduce((sum, predicted, at) => {
          const { target } = events[at + 500];
          if (task === "regression") return sum + Math.abs(predicted[0] - target);
          return sum + (predicted.indexOf(Math.max(...predicted)) === target ? 0 : 1);
        }, 0);
    expect(errorOf(kind)).toBeLessThan(0.8 * errorOf(learners.mean));
  });
});
