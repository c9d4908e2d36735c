// Probe rows: held-out rows, some with optional features taken away, that whoever accepts a model prices again.
import type { Row } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { type Random, shuffle } from "./random.ts";

const probeCount = 100;
/** Every fourth probe lacks some of its optional features, so that the road for missing values is tried too. */
const thinnedEvery = 4;

/** At most 100 of the rows, drawn by `random`. */
export function drawProbes(spec: DatasetSpec, rows: readonly Row[], random: Random): Row[] {
  const optional = spec.features.filter((feature) => !feature.required).map((feature) => feature.name);
  const drawn = shuffle(
    rows.map((_, index) => index),
    random,
  ).slice(0, probeCount);
  return drawn.map((index, at) => {
    if (at % thinnedEvery !== 0) return rows[index];
    const kept = Object.entries(rows[index]).filter(([name]) => !optional.includes(name) || random() < 0.5);
    return Object.fromEntries(kept);
  });
}
