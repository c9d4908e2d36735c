// A small dataset that has one of everything: required and optional, numbers and levels, a target on the log scale.
import { checkSpec, type DatasetSpec } from "#core/dataset/spec.ts";
import type { RawRow } from "../../../trainer/dataset/raw-row.ts";

export const houses: DatasetSpec = checkSpec({
  name: "houses",
  title: "Houses",
  version: 1,
  task: "regression",
  source: { format: "csv", path: "houses.csv" },
  target: { name: "rent", unit: "EUR", transform: "log", minimum: 1, maximum: 10_000 },
  features: [
    {
      name: "area",
      type: "number",
      unit: "m2",
      minimum: 0,
      exclusiveMinimum: true,
      maximum: 500,
      required: true,
    },
    { name: "town", type: "category", levels: ["Ulm", "Bonn, old", "Köln"], required: true },
    { name: "age", type: "number", minimum: 0, maximum: 300 },
  ],
  clean: ["missing-target", "missing-required", "invalid-level", "out-of-range", "duplicate"],
  split: { testShare: 0.25, seed: 1 },
});

/** Bytes of a text, cut into pieces of `size`, as a network or a disk would give them. */
export async function* bytesOf(text: string, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export async function collect(rows: AsyncIterable<RawRow>): Promise<RawRow[]> {
  const all: RawRow[] = [];
  for await (const row of rows) all.push(row);
  return all;
}
