// appraise train: rows in, models out; to a folder, to a server, or only to look at.
import { type Command, Option } from "commander";
import { InputError } from "#core/api/problem.ts";
import type { Params } from "#core/bundle/manifest.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Bundle } from "../../bundle.ts";
import { loadDataset, onlyDataset } from "../../dataset/find-dataset.ts";
import type { SourceFormat } from "../../dataset/source.ts";
import type { Family } from "../../families/family.ts";
import { families } from "../../families/index.ts";
import { prepareData } from "../../prepare.ts";
import { findUnchanged } from "../../publish/unchanged.ts";
import { choosePreset, fixParams } from "../../search/params.ts";
import { rankModels, train } from "../../train.ts";
import { findParentProcess } from "../../work/parent-process.ts";
import { findCodeVersion } from "../code-version.ts";
import { parseCount, parseSeed } from "../numbers.ts";
import { printResult, tell } from "../output.ts";
import { terminalProgress } from "../progress-bar.ts";
import {
  addPublicationOptions,
  connectionOf,
  describeMaking,
  openPublication,
  type PublicationOptions,
  publishModels,
} from "../publication.ts";
import { openRows, sourceFormats } from "../rows.ts";
import { addSearchOptions, readPlan, type SearchOptions } from "../search-options.ts";
import { describeCleaning, layCandidates, toDocument } from "../train-report.ts";
import { writeBundles } from "../write-bundles.ts";

interface TrainCommandOptions extends PublicationOptions, SearchOptions {
  readonly dataset?: string;
  readonly source?: string;
  readonly format?: SourceFormat;
  readonly family: readonly string[];
  readonly preset?: string;
  readonly param: Params;
  readonly models: number;
  readonly seed?: number;
  readonly ifChanged?: boolean;
  readonly json?: boolean;
}

function chooseFamilies(names: readonly string[]): Family[] {
  const known: Readonly<Record<string, Family>> = families;
  const chosen = names.length > 0 ? [...new Set(names)] : Object.keys(known);
  return chosen.map((name) => {
    if (Object.hasOwn(known, name)) return known[name];
    const allowed = Object.keys(known).join(", ");
    throw new InputError(`--family: expected one of ${allowed}; got ${JSON.stringify(name)}`);
  });
}

function listPresets(): string {
  return Object.values<Family>(families)
    .flatMap(({ name, presets }) => (presets ? [`${Object.keys(presets).join(", ")} of ${name}`] : []))
    .join("; ");
}

function adjustChosen(
  chosen: readonly Family[],
  { preset, param }: TrainCommandOptions,
  spec: DatasetSpec,
): readonly Family[] {
  const option = preset !== undefined ? "--preset" : "--param";
  if (preset === undefined && Object.keys(param).length === 0) return chosen;
  if (chosen.length === 1) {
    const family = preset === undefined ? chosen[0] : choosePreset(chosen[0], preset);
    return [fixParams(family, spec, param)];
  }
  const names = chosen.map(({ name }) => name).join(", ");
  throw new InputError(`${option}: expected one --family beside it; got ${names}`);
}

/** What a server holds tells which rows and code made it, not which parameters were asked for. */
function checkIfChanged({ publish, trials, timeout, preset, param }: TrainCommandOptions): void {
  if (publish === undefined) throw new InputError("--if-changed: expected --publish beside it");
  const asked = [trials, timeout, preset, ...Object.keys(param)].some((option) => option !== undefined);
  if (asked) {
    throw new InputError(
      "--if-changed: expected neither --trials, --timeout, --preset nor --param beside it",
    );
  }
}

async function runTrain(options: TrainCommandOptions): Promise<void> {
  const named = chooseFamilies(options.family);
  const dataset = loadDataset(options.dataset ?? onlyDataset());
  const { spec } = dataset;
  const chosen = adjustChosen(named, options, spec);
  const plan = readPlan(options, chosen);
  const client = openPublication(options);
  const parent = findParentProcess();
  if (options.ifChanged) checkIfChanged(options);

  const rows = await openRows(dataset, options.source, options.format, connectionOf(options));
  const data = await prepareData(spec, rows, options.seed ?? spec.split.seed);
  tell(
    `${spec.name}: ${describeCleaning(data.cleaning)}; ${data.train.rows} train, ${data.test.rows} held out`,
  );
  if (client && options.ifChanged) {
    const names = chosen.map((family) => family.name);
    const unchanged = await findUnchanged(client, data, names, findCodeVersion());
    if (unchanged) {
      const document = { dataset: spec.name, unchanged: true, models: unchanged };
      printResult(options.json, document, () => `${spec.name}: unchanged, nothing to train`);
      return;
    }
  }
  const results = await train(data, chosen, {
    ...(await describeMaking(client, data)),
    modelsPerFamily: options.models,
    plan,
    progress: parent?.progress ?? terminalProgress,
  });
  const models = rankModels(results) as [Bundle, ...Bundle[]];
  if (options.out !== undefined) writeBundles(options.out, models, toDocument(data, results, models, null));
  if (!options.json) process.stdout.write(`${layCandidates(results, models[0].manifest.id)}\n`);
  if (client) await parent?.askToPublish();
  const promotion = client ? await publishModels(client, data, models, options) : null;
  if (options.json) printResult(true, toDocument(data, results, models, promotion), () => "");
}

export function addTrainCommand(program: Command): void {
  const command = program
    .command("train")
    .description("clean, split, search, fit, measure and export; then write or publish the models")
    .option("--dataset <name or path>", "name under data/, or path of a dataset.json")
    .option(
      "--source <where>",
      "rows as CSV or NDJSON: a path, a URL, npm:<package>/<file>, - for standard input, or items: the server's current rows; the spec's source when left out",
    )
    .addOption(new Option("--format <format>", "format of the source").choices(sourceFormats))
    .option(
      "--family <name>",
      `model family, may be repeated; all when left out: ${Object.keys(families).join(", ")}`,
      (name: string, before: readonly string[]) => [...before, name],
      [] as readonly string[],
    )
    .option(
      "--preset <name>",
      `settings of the one --family in place of its own candidates: ${listPresets()}`,
    )
    .option("--models <n>", "how many candidates of each family become models", parseCount, 3)
    .option("--seed <n>", "seed of split, search and fit; the spec's when left out", parseSeed);
  addPublicationOptions(addSearchOptions(command))
    .option("--if-changed", "do nothing where the server holds models of the same spec, rows, seed and code")
    .option("--json", "print one JSON document on standard output")
    .action(runTrain);
}
