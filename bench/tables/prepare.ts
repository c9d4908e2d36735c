// A table made ready for every contestant alike: typed columns in a folder named by their hash, and the folds beside them.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BenchTable } from "./tables.ts";

export interface PreparedFeature {
  readonly name: string;
  /** Of categories; a number has none. */
  readonly levels?: readonly string[];
}

export interface PreparedMeta {
  readonly name: string;
  readonly task: BenchTable["task"];
  readonly transform: BenchTable["transform"];
  readonly rows: number;
  readonly folds: number;
  readonly measured: number;
  readonly features: readonly PreparedFeature[];
  readonly classes?: readonly string[];
}

export interface PreparedTable extends PreparedMeta {
  readonly folder: string;
  /** One a feature: float32 numbers (NaN is missing), or level codes (-1 is missing). */
  readonly columns: readonly Float32Array[];
  readonly target: Float64Array;
  /** The fold of every row. */
  readonly assigned: Uint8Array;
}

export const cacheFolder = join(import.meta.dirname, "../../.cache/bench-tables");
const peersFolder = join(import.meta.dirname, "../peers");

function runPython(python: string, script: string, args: readonly string[]): void {
  execFileSync(python, [join(peersFolder, script), ...args], { stdio: ["ignore", "inherit", "inherit"] });
}

/** Reads, types and folds one table; python (with scikit-learn) is needed for the folds of a table that was not prepared before. */
export function prepareTable(table: BenchTable, python: string): PreparedTable {
  mkdirSync(cacheFolder, { recursive: true });
  if (table.bundled && !existsSync(join(cacheFolder, `${table.bundled}.csv`)))
    runPython(python, "bundled_tables.py", [cacheFolder, table.bundled]);
  const raw = table.read(cacheFolder);
  const rows = raw.target.length;
  const features: PreparedFeature[] = [];
  const columns: Float32Array[] = [];
  for (const [name, { values }] of Object.entries(raw.columns)) {
    const isNumber =
      !table.categories?.includes(name) &&
      values.every((value) => value === "" || Number.isFinite(Number(value)));
    if (isNumber) {
      features.push({ name });
      columns.push(Float32Array.from(values, (value) => (value === "" ? Number.NaN : Number(value))));
      continue;
    }
    const levels = [...new Set(values.map(String))].filter((level) => level !== "").sort();
    const codes = new Map(levels.map((level, code) => [level, code]));
    features.push({ name, levels });
    columns.push(Float32Array.from(values, (value) => codes.get(String(value)) ?? -1));
  }
  const classes = table.task === "regression" ? undefined : [...new Set(raw.target.map(String))].sort();
  const target = Float64Array.from(raw.target, (value) =>
    classes ? classes.indexOf(String(value)) : Number(value),
  );
  const meta: PreparedMeta = {
    name: table.name,
    task: table.task,
    transform: table.transform,
    rows,
    folds: table.folds,
    measured: table.measured ?? table.folds,
    features,
    ...(classes ? { classes } : {}),
  };
  const hash = createHash("sha256").update(JSON.stringify(meta));
  for (const column of [...columns, target]) hash.update(new Uint8Array(column.buffer));
  const folder = join(cacheFolder, `${table.name}-${hash.digest("hex").slice(0, 12)}`);
  if (!existsSync(join(folder, "folds.u8"))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, "columns.f32"),
      Buffer.concat(columns.map(({ buffer }) => new Uint8Array(buffer as ArrayBuffer))),
    );
    writeFileSync(join(folder, "target.f64"), new Uint8Array(target.buffer));
    writeFileSync(join(folder, "meta.json"), JSON.stringify(meta));
    runPython(python, "tables_peers.py", [folder, "folds"]);
  }
  const assigned = new Uint8Array(readFileSync(join(folder, "folds.u8")));
  return { ...meta, folder, columns, target, assigned };
}
