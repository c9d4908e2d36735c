// Intervals on made-up rows whose noise is known: they follow it, where one width for all does not.
import { describe, expect, it } from "vitest";
import type { Row } from "#core/dataset/row.ts";
import { checkSpec } from "#core/dataset/spec.ts";
import { toTable } from "#core/dataset/table.ts";
import { exponential } from "#core/onnx/exponential.ts";
import { feedsOf } from "#core/onnx/feeds.ts";
import { loadModel } from "#core/onnx/model.ts";
import { difficultyOutput } from "#core/onnx/outputs.ts";
import type { FittedModel } from "../../../trainer/families/family.ts";
import { type CalibrationRows, calibrate } from "../../../trainer/intervals/calibration.ts";
import { predictDifficulty } from "../../../trainer/intervals/difficulty.ts";
import {
  type HeldOutRow,
  intervalsOf,
  judgeRows,
  measureCoverage,
} from "../../../trainer/intervals/judged-rows.ts";
import { copyPartially, rowCompleteness } from "../../../trainer/intervals/partial-copies.ts";
import { exportModel } from "../../../trainer/onnx/export.ts";
import { judge } from "../../../trainer/onnx/judge.ts";
import { seeded } from "../../../trainer/random.ts";

const spec = checkSpec({
  name: "boats",
  title: "Boats",
  version: 1,
  task: "regression",
  source: { format: "csv", path: "boats.csv" },
  target: { name: "price", unit: "EUR", transform: "log", minimum: 1 },
  features: [
    { name: "length", type: "number", required: true },
    { name: "hull", type: "category", levels: ["wood", "steel"], required: true },
    { name: "beam", type: "number" },
    { name: "keel", type: "category", levels: ["short", "long"] },
  ],
  split: { testShare: 0.2, seed: 1 },
});

/** The law without noise: what the beam adds is lost on a row that does not give it. */
function law(row: Row): number {
  const beam = row.beam === undefined ? 0 : (row.beam as number) - 3;
  return exponential(6 + 0.1 * (row.length as number) + 0.4 * beam);
}

/** Wooden boats and long ones sell for anything: noise from 2 % to 40 %, two ways. */
function draw(count: number, seed: number): HeldOutRow[] {
  const random = seeded(seed);
  return Array.from({ length: count }, () => {
    const length = 5 + 20 * random();
    const features = {
      length,
      hull: random() < 0.3 ? "wood" : "steel",
      beam: 2 + 2 * random(),
      keel: random() < 0.5 ? "short" : "long",
    };
    const spread = (features.hull === "wood" ? 0.2 : 0.02) * (length > 15 ? 2 : 1);
    const noise = random() + random() + random() + random() - 2;
    return { features, target: law(features) * exponential(spread * noise) };
  });
}

/** A model that knows the law and nothing of the noise. */
const lawful: FittedModel = {
  predict: (table) =>
    Float64Array.from({ length: table.rows }, (_, at) => {
      const beam = table.columns.beam[at];
      return law({ length: table.columns.length[at], ...(Number.isNaN(beam) ? {} : { beam }) } as Row);
    }),
  addTo(graph, inputs) {
    const cast = (name: string) => graph.node("Cast", [name], { to: { int: 11 } });
    const number = (value: number) => graph.constant("double", [1, 1], [value]);
    const beam = graph.node("Where", [graph.node("IsNaN", [inputs.beam]), number(3), cast(inputs.beam)]);
    const wide = graph.node("Mul", [graph.node("Sub", [beam, number(3)]), number(0.4)]);
    const long = graph.node("Mul", [cast(inputs.length), number(0.1)]);
    return graph.node("Exp", [graph.node("Add", [graph.node("Add", [number(6), long]), wide])]);
  },
  report: () => ({}),
};

function calibrationRows(drawn: readonly HeldOutRow[]): CalibrationRows {
  const rows = drawn.map(({ features }) => features);
  const copies = copyPartially(spec, rows, seeded(3));
  return {
    rows,
    actual: Float64Array.from(drawn, ({ target }) => target),
    predicted: lawful.predict(toTable(spec, rows)),
    folds: { count: 5, assigned: Uint8Array.from(rows, (_, at) => at % 5) },
    copies,
    predictedCopies: lawful.predict(copies.table),
  };
}

async function exported(difficulty: ReturnType<typeof calibrate>["difficulty"]) {
  const hash = "a".repeat(64);
  const options = { spec, family: "law", specHash: hash, dataSha256: hash, params: {}, seed: 1, difficulty };
  return exportModel(lawful, options);
}

const every = (rows: ArrayLike<unknown>) => Array.from({ length: rows.length }, (_, at) => at);
const promised = 0.9;

describe("calibrate", async () => {
  const input = calibrationRows(draw(4000, 1));
  const { conformal, difficulty } = calibrate(spec, input, 1);
  const { bytes } = await exported(difficulty);
  const model = loadModel(bytes);
  const heldOut = draw(4000, 2);
  const manifest = { conformal: { ...conformal, residuals: "out-of-fold" as const }, ranges: {} };
  const sets = judgeRows(spec, model, heldOut, seeded(5));

  /** The least coverage of four groups of known noise. */
  function worstGroup(onlyWidth: boolean): number {
    const [set] = sets;
    const outputs = onlyWidth
      ? set.outputs.map(({ prediction }) => ({ prediction, difficulty: undefined }))
      : set.outputs;
    const flat = calibrate(spec, { ...input, ...shortened(input) }, 1).conformal;
    const own = onlyWidth
      ? { conformal: { ...flat, residuals: "out-of-fold" as const }, ranges: {} }
      : manifest;
    const intervals = intervalsOf(spec, own, { ...set, outputs }, promised);
    const groups = ["wood", "steel"].flatMap((hull) =>
      [true, false].map((long) =>
        every(set.rows).filter((at) => {
          const row = set.rows[at];
          return row.hull === hull && (row.length as number) > 15 === long;
        }),
      ),
    );
    return Math.min(...groups.map((rows) => measureCoverage(intervals, set.actual, rows, promised).within));
  }

  it("holds what it promises, as rows are and as they may be given", () => {
    expect(conformal).toMatchObject({ scale: "log", normalised: true });
    expect(sets.map(({ given }) => given)).toEqual(["as they are", "partial", "required"]);
    for (const set of sets) {
      for (const coverage of [0.5, 0.8, promised, 0.95]) {
        const intervals = intervalsOf(spec, manifest, set, coverage);
        const { within } = measureCoverage(intervals, set.actual, every(set.rows), coverage);
        // Three standard errors of calibration and of judging.
        const error = 3 * Math.sqrt((coverage * (1 - coverage) * 2) / 3000);
        expect(Math.abs(within - coverage), `${set.given} ${coverage}`).toBeLessThan(error);
      }
    }
  });

  it("holds it in every group of noise, where one width for all does not", () => {
    expect(worstGroup(false)).toBeGreaterThan(0.86);
    expect(worstGroup(true)).toBeLessThan(0.8);
  });

  it("gives wider intervals to rows that say less", () => {
    const [given, , required] = sets.map((set) =>
      measureCoverage(intervalsOf(spec, manifest, set, promised), set.actual, every(set.rows), promised),
    );
    // The beam decides over a factor of 1.5, which nobody knows who is not told.
    expect(required.meanWidth).toBeGreaterThan(1.5 * given.meanWidth);
  });

  it("has the same difficulty in the graph, to the last bit, and onnxruntime's", async () => {
    const rows = heldOut.slice(0, 500).map(({ features }) => features);
    const table = toTable(spec, rows);
    const outputs = model.run(feedsOf(spec, rows), rows.length);
    expect(predictDifficulty(difficulty!, table, outputs.prediction)).toEqual(outputs[difficultyOutput]);
    expect((await judge(bytes, spec, table, lawful)).difficulties).toBe(0);
  });

  it("gives the same again for the same rows and seed", () => {
    expect(calibrate(spec, input, 1).conformal).toEqual(conformal);
  });

  it("does without a difficulty where rows are few, or nothing is missed", async () => {
    const few = calibrate(spec, calibrationRows(draw(60, 4)), 1);
    expect(few.difficulty).toBeUndefined();
    expect(few.conformal.normalised).toBe(false);
    expect((await exported(undefined)).id).not.toBe((await exported(difficulty)).id);
    const exact = { ...input, actual: input.predicted, predictedCopies: copiesOf(input) };
    expect(calibrate(spec, exact, 1).difficulty).toBeUndefined();
    expect(calibrate(spec, exact, 1).conformal.groups.complete?.widths[40]).toBe(0);
  });

  it("takes bands in the target's unit where a price may be 0", () => {
    const predicted = input.predicted.map((price, at) => (at === 7 ? 0 : price));
    const { scale, groups } = calibrate(spec, { ...input, predicted }, 1).conformal;
    expect(scale).toBe("none");
    expect(groups.complete?.widths.every(Number.isFinite)).toBe(true);
  });
});

/** What every copy's row sells for, so that nothing is missed. */
function copiesOf({ copies, predicted }: CalibrationRows): Float64Array {
  return Float64Array.from(copies.sources, (source) => predicted[source]);
}

/** Too few rows for a difficulty: one width for all that are alike complete. */
function shortened(input: CalibrationRows): CalibrationRows {
  const rows = input.rows.slice(0, 200);
  const copies = copyPartially(spec, [], seeded(1));
  return {
    rows,
    actual: input.actual.slice(0, 200),
    predicted: input.predicted.slice(0, 200),
    folds: { count: 5, assigned: input.folds.assigned.slice(0, 200) },
    copies,
    predictedCopies: new Float64Array(0),
  };
}

describe("copyPartially", () => {
  it("copies a row into each lesser completeness at most once, and never invents a value", () => {
    const drawn = draw(300, 9).map(({ features }, at): Row => {
      const { keel, beam, ...required } = features as Record<string, string | number>;
      return at % 3 === 0 ? required : at % 3 === 1 ? { ...required, beam } : features;
    });
    const { rows, sources, table } = copyPartially(spec, drawn, seeded(2));
    expect(table.rows).toBe(rows.length);
    const seen = new Set<string>();
    rows.forEach((row, at) => {
      const own = rowCompleteness(spec, row);
      const key = `${sources[at]} ${own}`;
      expect(seen.has(key)).toBe(false);
      seen.add(key);
      expect(own).not.toBe(rowCompleteness(spec, drawn[sources[at]]));
      expect(drawn[sources[at]]).toMatchObject(row);
      expect([row.length, row.hull]).toEqual([drawn[sources[at]].length, drawn[sources[at]].hull]);
    });
    const bare = rows.filter((row) => rowCompleteness(spec, row) === "required");
    expect(bare.length).toBe(200);
  });
});
