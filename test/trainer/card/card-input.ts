// A small made-up model and its held-out rows, to draw cards of.

import { conformalQuantiles } from "#core/bundle/conformal.ts";
import type { Manifest } from "#core/bundle/manifest.ts";
import { type DatasetSpec, parseSpec } from "#core/dataset/spec.ts";
import type { NumberColumn } from "#core/dataset/table.ts";
import { regressionMetrics } from "#core/metrics/regression.ts";
import type { CardInput } from "../../../trainer/card/card-input.ts";
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

/** A card's input over `rows` held-out rows whose prices the model misses by some ten percent. */
export function cardInput(spec: DatasetSpec = gemSpec(), rows = 400): CardInput {
  const random = seeded(4);
  const size = Float32Array.from({ length: rows }, () => 1 + 9 * random());
  const actual = Float64Array.from(size, (mm) => 20 * mm ** 2 * (0.9 + 0.2 * random()));
  const predicted = Float64Array.from(size, (mm) => 20 * mm ** 2);
  const columns = Object.fromEntries(
    spec.features.map((feature): [string, NumberColumn | Int16Array] => [
      feature.name,
      feature.type === "number" ? size : Int16Array.from(size, (_, i) => (i % 9 === 8 ? -1 : i % 2)),
    ]),
  );
  const metrics = regressionMetrics(actual, predicted);
  const manifest: Omit<Manifest, "files"> = {
    format: 1,
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
    conformal: conformalQuantiles(spec.target.transform, actual, predicted),
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
  return { spec, manifest, heldOut: { table: { rows, columns }, actual, predicted } };
}
