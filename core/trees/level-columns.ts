// Columns that stand for a category of many levels in a booster: a number a level, looked up, so that no two levels share a bin by their count alone.
import * as z from "zod";
import { InputError } from "../api/problem.ts";
import type { DatasetSpec } from "../dataset/spec.ts";
import type { Table } from "../dataset/table.ts";
import type { GraphBuilder } from "../onnx/graph-builder.ts";

export const LevelColumn = z.strictObject({
  /** No feature's: what the ensemble calls the column. */
  name: z.string(),
  /** The category that it stands for. */
  feature: z.string(),
  /** One float32 a level of the spec. */
  values: z.array(z.number()),
  /** Of a missing level, and of one that nobody knows. */
  missing: z.number(),
});

export type LevelColumn = z.infer<typeof LevelColumn>;

/** The table with the level columns beside its own. */
export function addLevelColumns<T extends Table>(table: T, columns: readonly LevelColumn[]): T {
  const added = columns.map(({ name, feature, values, missing }) => {
    const codes = table.columns[feature];
    return [name, Float32Array.from(codes, (code) => (code < 0 ? missing : values[code]))] as const;
  });
  return { ...table, columns: { ...table.columns, ...Object.fromEntries(added) } };
}

/** One [N,1] float of the level of `input`, a [N,1] text. */
export function addLookup(
  graph: GraphBuilder,
  input: string,
  levels: readonly string[],
  values: readonly number[],
  missing: number,
): string {
  const attributes = {
    keys_strings: { strings: levels },
    values_floats: { floats: values },
    default_float: { float: missing },
  };
  return graph.node("LabelEncoder", [input], attributes, { domain: "ai.onnx.ml" });
}

/** `inputs` with one more [N,1] float value a level column. */
export function addLevelInputs(
  graph: GraphBuilder,
  spec: DatasetSpec,
  columns: readonly LevelColumn[],
  inputs: Readonly<Record<string, string>>,
): Record<string, string> {
  const added = columns.map(({ name, feature, values, missing }) => {
    const own = spec.features.find((one) => one.name === feature);
    const levels = own?.type === "category" ? own.levels : [];
    return [name, addLookup(graph, inputs[feature], levels, values, missing)] as const;
  });
  return { ...inputs, ...Object.fromEntries(added) };
}

/** Throws InputError for columns that do not stand for a category of `spec`. */
export function checkLevelColumns(spec: DatasetSpec, columns: readonly LevelColumn[]): void {
  columns.forEach(({ name, feature, values }, at) => {
    const own = spec.features.find((one) => one.name === feature);
    const isSound =
      own?.type === "category" &&
      own.levels.length === values.length &&
      !spec.features.some((one) => one.name === name);
    if (isSound) return;
    const detail = `expected one value a level of a category of ${spec.name}, under a name of its own`;
    throw new InputError([{ pointer: `/levelColumns/${at}`, detail }]);
  });
}
