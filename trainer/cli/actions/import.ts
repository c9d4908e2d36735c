// appraise import: a model that XGBoost or LightGBM trained elsewhere, measured and served as one of ours.
import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { InputError } from "#core/api/problem.ts";
import { taskOfMetrics } from "#core/tasks/index.ts";
import type { Bundle } from "../../bundle.ts";
import { bundleImported } from "../../bundle-imported.ts";
import { loadDataset, onlyDataset } from "../../dataset/find-dataset.ts";
import type { SourceFormat } from "../../dataset/source.ts";
import { fileLimits } from "../../import/document.ts";
import { prepareData } from "../../prepare.ts";
import { printResult, tell } from "../output.ts";
import { connectionOf, describeMaking, openPublication, publishModels } from "../publication.ts";
import type { PublicationOptions } from "../publication-options.ts";
import { openRows } from "../rows.ts";
import { layTable } from "../text-table.ts";
import { describeCleaning, metricCells, metricColumns, toDocument } from "../train-report.ts";
import { writeBundles } from "../write-bundles.ts";

interface ImportCommandOptions extends PublicationOptions {
  readonly dataset?: string;
  readonly source?: string;
  readonly format?: SourceFormat;
  readonly target?: "none" | "log";
  readonly features?: readonly string[];
  readonly seed?: number;
  readonly json?: boolean;
}

function readModelFile(path: string): Uint8Array<ArrayBuffer> {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new InputError(`${path}: no such file`);
  if (!stat.isFile()) throw new InputError(`${path}: expected a file`);
  if (stat.size > fileLimits.bytes)
    throw new InputError(`${path}: expected at most ${fileLimits.bytes} bytes; got ${stat.size}`);
  return new Uint8Array(readFileSync(path));
}

function layModel({ manifest }: Bundle): string {
  const task = taskOfMetrics(manifest.metrics.heldOut);
  const columns = [{ title: "model", align: "left" } as const, ...metricColumns(task)];
  const { crossValidated, heldOut } = manifest.metrics;
  return layTable(columns, [[manifest.id, ...metricCells(task, crossValidated ?? undefined, heldOut)]]);
}

export async function runImport(path: string, options: ImportCommandOptions): Promise<void> {
  const bytes = readModelFile(path);
  const dataset = loadDataset(options.dataset ?? onlyDataset());
  const { spec } = dataset;
  const client = openPublication(options);
  const rows = await openRows(dataset, options.source, options.format, connectionOf(options));
  const data = await prepareData(spec, rows, options.seed ?? spec.split.seed);
  tell(
    `${spec.name}: ${describeCleaning(data.cleaning)}; judged on ${data.test.rows} held-out rows, which the imported model may have seen`,
  );
  const source = {
    fileName: basename(path),
    targetTransform: options.target,
    featureNames: options.features,
  };
  const bundle = await bundleImported(data, bytes, source, await describeMaking(client, data));
  if (options.out !== undefined) writeBundles(options.out, [bundle], toDocument(data, [], [bundle], null));
  if (!options.json) process.stdout.write(`${layModel(bundle)}\n`);
  const promotion = client ? await publishModels(client, data, [bundle], options) : null;
  if (options.json) printResult(true, toDocument(data, [], [bundle], promotion), () => "");
}
