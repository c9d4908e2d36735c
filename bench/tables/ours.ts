// Our side of bench:tables: a family's default, or a preset, fitted on every measured fold.
import { gzipSync } from "node:zlib";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { LabelledTable } from "#core/dataset/table.ts";
import type { Family } from "../../trainer/families/family.ts";
import { families } from "../../trainer/families/index.ts";
import { exportModel } from "../../trainer/onnx/export.ts";
import { seeded } from "../../trainer/random.ts";
import { type Figures, heldRows, judge } from "./figures.ts";
import type { PreparedTable } from "./prepare.ts";

/** A contestant's name is a family's, with a preset's after a colon. */
export function isOurs(contestant: string): boolean {
  return Object.hasOwn(families, contestant.split(":")[0]);
}

function specOf(table: PreparedTable, isOptional: boolean): DatasetSpec {
  const features = table.features.map(({ name, levels }, at) => {
    const isComplete = table.columns[at].every((value) => (levels ? value >= 0 : !Number.isNaN(value)));
    const required = isComplete && !(isOptional && at > 0);
    return levels
      ? { name, type: "category" as const, levels: [...levels], ordered: false, required }
      : { name, type: "number" as const, exclusiveMinimum: false, required };
  });
  return {
    name: table.name,
    title: table.name,
    version: 1,
    task: table.task,
    source: { format: "csv", path: "table.csv" },
    target: table.classes
      ? { name: "answer", unit: "", transform: "none", levels: [...table.classes] }
      : { name: "answer", unit: "1", transform: table.transform },
    features,
    clean: [],
    split: { testShare: 0.2, seed: 42 },
  };
}

function takePart(table: PreparedTable, rows: readonly number[]): LabelledTable {
  const columns = table.features.map(({ name, levels }, at) => {
    const own = Array.from(rows, (row) => table.columns[at][row]);
    return [name, levels ? Int32Array.from(own) : Float32Array.from(own)] as const;
  });
  return {
    rows: rows.length,
    columns: Object.fromEntries(columns),
    target: Float64Array.from(rows, (row) => table.target[row]),
  };
}

/** Undefined where the family does not do this kind of table. */
export async function runOurs(
  table: PreparedTable,
  contestant: string,
  isOptional: boolean,
): Promise<Figures | undefined> {
  const [name, preset] = contestant.split(":");
  const family = families[name as keyof typeof families] as unknown as Family;
  // Presets are of amounts.
  if (!family.tasks.includes(table.task) || (preset && table.classes)) return undefined;
  const width = table.classes?.length ?? 1;
  const spec = specOf(table, isOptional);
  const { params } = preset
    ? family.presets![preset]
    : family.candidates(spec, Math.round((table.rows * (table.folds - 1)) / table.folds))[0];
  const all = Array.from(table.assigned.keys());
  const held = heldRows(table);
  const places = new Map(held.map((row, at) => [row, at]));
  const predicted = new Float64Array(held.length * width);
  let [seconds, rowSeconds, bytes] = [0, 0, 0];
  for (let fold = 0; fold < table.measured; fold++) {
    const inside = takePart(
      table,
      all.filter((row) => table.assigned[row] !== fold),
    );
    const outside = all.filter((row) => table.assigned[row] === fold);
    const part = takePart(table, outside);
    let started = performance.now();
    const model = await family.fit(params, inside, { spec, random: seeded(42) });
    seconds += (performance.now() - started) / 1000;
    started = performance.now();
    const answers = model.predict(part);
    rowSeconds += (performance.now() - started) / 1000 / outside.length;
    outside.forEach((row, at) => {
      predicted.set(answers.subarray(at * width, (at + 1) * width), places.get(row)! * width);
    });
    if (fold > 0) continue;
    const facts = { spec, family: name, specHash: "0", dataSha256: "0", params, seed: 42 };
    bytes = gzipSync((await exportModel(model, facts)).bytes).length;
  }
  return {
    contestant,
    version: "this tree",
    seconds: seconds / table.measured,
    bytes,
    microsecondsPerRow: (rowSeconds / table.measured) * 1e6,
    ...judge(table, predicted),
  };
}
