// appraise import: a model that XGBoost or LightGBM trained elsewhere, measured and served as one of ours.
import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { type Command, Option } from "commander";
import { InputError } from "#core/api/problem.ts";
import type { Bundle } from "../../bundle.ts";
import { bundleImported } from "../../bundle-imported.ts";
import { loadDataset, onlyDataset } from "../../dataset/find-dataset.ts";
import type { SourceFormat } from "../../dataset/source.ts";
import { fileLimits } from "../../import/document.ts";
import { prepareData } from "../../prepare.ts";
import { parseSeed } from "../numbers.ts";
import { printResult, tell } from "../output.ts";
import {
  addPublicationOptions,
  connectionOf,
  describeMaking,
  openPublication,
  type PublicationOptions,
  publishModels,
} from "../publication.ts";
import { openRows, sourceFormats } from "../rows.ts";
import { layTable } from "../text-table.ts";
import { describeCleaning, figures, metricColumns, toDocument } from "../train-report.ts";
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
  const columns = [{ title: "model", align: "left" } as const, ...metricColumns];
  const { crossValidated, heldOut } = manifest.metrics;
  return layTable(columns, [[manifest.id, ...figures(crossValidated ?? undefined, heldOut)]]);
}

async function runImport(path: string, options: ImportCommandOptions): Promise<void> {
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

export function addImportCommand(program: Command): void {
  const command = program
    .command("import")
    .description("take over a model of XGBoost (.json, .ubj) or LightGBM (.txt); then write or publish it")
    .argument("<file>", "what save_model wrote")
    .option("--dataset <name or path>", "name under data/, or path of a dataset.json")
    .option("--source <where>", "rows to judge it on, as in train; the spec's source when left out")
    .addOption(new Option("--format <format>", "format of the source").choices(sourceFormats))
    .addOption(
      new Option(
        "--target <transform>",
        "what it was fitted to: the target itself (none) or its logarithm; the spec's transform when left out",
      ).choices(["none", "log"]),
    )
    .option(
      "--features <names>",
      "its features in its own order, by comma, where the file names none",
      (text: string) => text.split(",").map((name) => name.trim()),
    )
    .option("--seed <n>", "seed of the split; the spec's when left out", parseSeed);
  addPublicationOptions(command)
    .option("--json", "print one JSON document on standard output")
    .action(runImport);
}
