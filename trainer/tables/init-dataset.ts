// Makes data/<name>/dataset.json from a table and the name of its target: read, inferred, checked, then written in one step.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join, relative, resolve, sep } from "node:path";
import { InputError, quoted } from "#core/api/problem.ts";
import { type Inference, type InferenceOptions, inferSpec } from "./inferring/infer-spec.ts";
import { keptLocation, openTable } from "./reading/open-table.ts";
import type { Reading } from "./reading/raw-table.ts";
import { renderReport } from "./report/html/render-report.ts";
import { reportTable } from "./report/report-table.ts";
import { writePage } from "./report/write-report.ts";

export interface InitOptions extends Pick<InferenceOptions, "target" | "task" | "keep" | "drop" | "dates"> {
  /** A path, a URL (https, postgres, mysql) or env:NAME. */
  readonly location: string;
  /** From the location where it is left out: car_prices.csv is called car-prices. */
  readonly name?: string;
  /** What is settled about how the table is read. */
  readonly reading?: Reading;
  /** The folder that holds data/. */
  readonly folder?: string;
  /** Whether a dataset.json that is there is written over. */
  readonly force?: boolean;
}

export interface InitOutcome extends Inference {
  readonly name: string;
  /** The path of dataset.json. */
  readonly file: string;
  /** The path of the data report. */
  readonly report: string;
}

/** A dataset's name from a file's: car_prices.2024.csv.gz is car-prices-2024. */
export function datasetName(location: string, table?: string): string {
  const last =
    location.startsWith("env:") || /^(postgres(ql)?|mysql):/i.test(location)
      ? (table ?? "table")
      : location.replace(/[?#].*$/, "");
  const stem = basename(last)
    .replace(/\.(gz|zip)$/i, "")
    .replace(/\.(csv|tsv|txt|dat|tab|json|ndjson|jsonl|parquet|xlsx|sqlite3?|db)$/i, "");
  const plain = stem
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  return (/^[a-z]/.test(plain) ? plain : `table-${plain || "1"}`).slice(0, 63).replace(/-+$/, "");
}

function pathInSpec(location: string, directory: string): string {
  if (location === "-")
    throw new InputError(
      "-: expected a file that stays; standard input cannot be read again when models are trained",
    );
  if (/^(env:|npm:|[a-z]+:\/\/)/i.test(location)) return keptLocation(location);
  return relative(directory, resolve(location)).split(sep).join("/");
}

/** A spec made by hand is not written over. */
function checkFree(file: string, path: string, force: boolean | undefined): void {
  if (force || !existsSync(file)) return;
  let held: string | undefined;
  try {
    held = (JSON.parse(readFileSync(file, "utf8")) as { source?: { path?: string } }).source?.path;
  } catch {}
  const about = held === path ? "of this source already" : `of ${quoted(held ?? "another source")}`;
  throw new InputError(`${file}: is there, ${about}; give --force to write over it, or another --name`);
}

/** Reads the table, infers its spec and writes it. Throws InputError, and then nothing is written. */
export async function initDataset(options: InitOptions): Promise<InitOutcome> {
  const { location, target, reading = {}, folder = "." } = options;
  const name = options.name ?? datasetName(location, reading.table);
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(name))
    throw new InputError(
      `--name: expected lower-case letters, digits and -, starting with a letter; got ${quoted(name)}`,
    );
  const directory = resolve(folder, "data", name);
  const file = join(directory, "dataset.json");
  const path = pathInSpec(location, directory);
  checkFree(file, path, options.force);
  const table = await openTable(location, ".", reading);
  try {
    const { task, keep, drop, dates } = options;
    const inference = await inferSpec(table, {
      target,
      task,
      name,
      path,
      keep,
      drop,
      dates,
      missing: reading.missing,
    });
    const { spec } = inference;
    const page = renderReport(await reportTable(table, { target, dates, missing: reading.missing, spec }));
    const report = join(directory, "report.html");
    mkdirSync(directory, { recursive: true });
    writePage(report, page);
    writeFileSync(`${file}.part`, `${JSON.stringify(inference.document, null, 2)}\n`);
    renameSync(`${file}.part`, file);
    return { ...inference, name, file, report };
  } finally {
    table.close();
  }
}
