// A small made-up model and its held-out rows, to draw cards of.

import { calibrateWidths, residualOf } from "#core/bundle/conformal.ts";
import { type Manifest, manifestFormat } from "#core/bundle/manifest.ts";
import type { Row } from "#core/dataset/row.ts";
import { type DatasetSpec, parseSpec } from "#core/dataset/spec.ts";
import type { NumberColumn } from "#core/dataset/table.ts";
import { regressionMetrics } from "#core/metrics/regression.ts";
import type { CardInput } from "../../../trainer/card/card-input.ts";
import { type JudgedRows, measureIntervals } from "../../../trainer/intervals/judged-rows.ts";
import { seeded } from "../../../trainer/random.ts";

export function gemSpec(changes: Partial<DatasetSpec> = {}): DatasetSpec {
  const spec = {
    name: "gems",
    title: "Gems",
    version: 1,
    task: "regression",
    source: { format: "csv", path: "gems.csv", licence: "CC0" },
    target: { name: "price", title: "price", unit: "EUR", transform: "log", minimum: 1 },
    features: [
      { name: "size", title: "Size", type: "number", unit: "mm", required: true },
      { name: "cut", title: "Cut", type: "category", levels: ["rough", "round", "never"], required: true },
      { name: "clear", type: "category", levels: ["no", "yes"] },
    ],
    split: { testShare: 0.2, seed: 1 },
    similar: { match: ["cut"], nearest: "size" },
    ...changes,
  };
  return parseSpec(JSON.stringify(spec), "gems.json");
}

function rowOf(spec: DatasetSpec, columns: CardInput["heldOut"]["table"]["columns"], at: number): Row {
  const entries = spec.features.flatMap((feature): [string, string | number][] => {
    const cell = columns[feature.name][at];
    if (feature.type === "number") return [[feature.name, cell]];
    return cell < 0 ? [] : [[feature.name, feature.levels[cell]]];
  });
  return Object.fromEntries(entries);
}

/** A card's input over `rows` held-out rows whose prices the model misses by some ten percent. */
export function cardInput(spec: DatasetSpec = gemSpec(), rows = 400): CardInput {
  const random = seeded(4);
  const size = Float32Array.from({ length: rows }, () => 1 + 9 * random());
  const actual = Float64Array.from(size, (mm) => 20 * mm ** 2 * (0.9 + 0.2 * random()));
  const predicted = Float64Array.from(size, (mm) => 20 * mm ** 2);
  const columns = Object.fromEntries(
    spec.features.map((feature): [string, NumberColumn | Int32Array] => [
      feature.name,
      feature.type === "number" ? size : Int32Array.from(size, (_, i) => (i % 9 === 8 ? -1 : i % 2)),
    ]),
  );
  const metrics = regressionMetrics(actual, predicted);
  const scale = spec.target.transform;
  const scores = actual.map((price, i) => Math.abs(residualOf(scale, price, predicted[i])));
  const manifest: Omit<Manifest, "files"> = {
    format: manifestFormat,
    id: "linear-0123456789ab",
    dataset: spec.name,
    family: "linear",
    title: "Linear model: log price",
    params: { target: "log" },
    seed: 42,
    trainedAt: "2026-01-02T03:04:05.000Z",
    seconds: 75,
    specHash: "a".repeat(64),
    data: {
      sha256: "b".repeat(64),
      rows: rows * 5,
      trainRows: rows * 4,
      testRows: rows,
      cleaning: {
        read: rows * 5 + 3,
        kept: rows * 5,
        dropped: [{ rule: "duplicate", count: 3, examples: [{ row: 17, detail: "equal to row 16" }] }],
      },
    },
    metrics: {
      heldOut: metrics,
      crossValidated: metrics,
      segments: [{ feature: "cut", level: "rough", metrics }],
    },
    conformal: {
      ...{ scale, residuals: "out-of-fold", normalised: false },
      ...calibrateWidths({ complete: scores, partial: scores, required: scores }),
    },
    ranges: { size: { minimum: 1, maximum: 10 } },
    search: {
      seconds: 3,
      candidates: [{ name: "log price", params: {}, crossValidated: metrics, seconds: 3 }],
    },
    report: {},
    probes: [],
    parent: null,
    environment: { code: "0.1.0", node: "v24.0.0", platform: "linux-x64" },
  };
  const everyRow = Array.from(actual.keys(), (i) => rowOf(spec, columns, i));
  const judged = (given: JudgedRows["given"]): JudgedRows => ({
    ...{ given, rows: everyRow, actual },
    outputs: Array.from(predicted, (prediction) => ({ prediction, difficulty: undefined })),
  });
  const intervals = [judged("as they are"), judged("required")];
  const measured = measureIntervals(spec, manifest, intervals);
  return {
    spec,
    manifest: { ...manifest, metrics: { ...manifest.metrics, intervals: measured } },
    heldOut: { table: { rows, columns }, actual, predicted },
    intervals,
  };
}
