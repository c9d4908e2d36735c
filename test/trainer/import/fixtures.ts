// The models that the real libraries trained (test/fixtures/import/make.py), each beside the library's own predictions.
import { readdirSync, readFileSync } from "node:fs";
import { checkSpec, type DatasetSpec } from "#core/dataset/spec.ts";
import { type Table, toTable } from "#core/dataset/table.ts";
import { importModel } from "../../../trainer/import/import-model.ts";
import type { ImportedModel, ImportedTrees } from "../../../trainer/import/imported-model.ts";

const folder = new URL("../../fixtures/import/", import.meta.url);

export const spec: DatasetSpec = checkSpec(JSON.parse(readFileSync(new URL("spec.json", folder), "utf8")));

export interface Fixture {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly model: string;
  /** "log": the model was fitted to the logarithm of the target. */
  readonly target: "none" | "log";
  readonly table: Table;
  readonly rows: readonly Readonly<Record<string, string | number>>[];
  /** [rows][outputs], as the library gives them. */
  readonly margins: readonly (readonly number[])[];
  readonly predictions: readonly (readonly number[])[];
  /** First rows only: [rows][outputs * (features + 1)], the base value last, features in the model's order. */
  readonly contributions: readonly (readonly number[])[];
}

export function readModelFile(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, folder)));
}

function readFixture(file: string): Fixture {
  const expected = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
  const columns: string[] = expected.columns;
  const rows = expected.rows.map((values: (string | number | null)[]) =>
    Object.fromEntries(columns.map((name, at) => [name, values[at]]).filter(([, value]) => value !== null)),
  );
  return {
    ...expected,
    name: file.replace(".expected.json", ""),
    bytes: readModelFile(expected.model),
    rows,
    table: toTable(spec, rows),
  };
}

const all: readonly Fixture[] = readdirSync(folder)
  .filter((file) => file.endsWith(".expected.json"))
  .sort()
  .map(readFixture);
const isSum = ({ name }: Fixture) => name.endsWith("gblinear");

/** Models of trees. */
export const fixtures = all.filter((fixture) => !isSum(fixture));
/** Weighted sums. */
export const sumFixtures = all.filter(isSum);

export function importAny(fixture: Fixture): ImportedModel {
  return importModel(fixture.bytes, { fileName: fixture.model, spec, targetTransform: fixture.target });
}

export function importFixture(fixture: Fixture): ImportedTrees {
  return treesOf(importAny(fixture));
}

export function treesOf(model: ImportedModel): ImportedTrees {
  if (model.kind !== "trees") throw new Error(`${model.provenance.fileName}: expected trees`);
  return model;
}

/** What turns LightGBM's raw score into our margin: forests sum before they average, a sigmoid's steepness is part of our leaves. */
export function marginScale({ provenance }: ImportedModel): number {
  if (provenance.booster === "rf") return 1 / provenance.treesRead;
  const steepness = /sigmoid:([\d.]+)/.exec(provenance.objective);
  return steepness ? Number(steepness[1]) : 1;
}
