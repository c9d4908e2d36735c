// appraise train: rows in, models out; to a folder, to a server, or only to look at.
import { mkdirSync } from "node:fs";
import { type Command, Option } from "commander";
import { InputError } from "#core/api/problem.ts";
import type { Bundle } from "../../bundle.ts";
import type { Client } from "../../client/client.ts";
import { loadDataset, onlyDataset } from "../../dataset/find-dataset.ts";
import type { SourceFormat } from "../../dataset/source.ts";
import type { Family } from "../../families/family.ts";
import { families } from "../../families/index.ts";
import { type PreparedData, prepareData } from "../../prepare.ts";
import { championAlias, type PromotionMode, promotionModes } from "../../publish/promotion.ts";
import { publish } from "../../publish/publish.ts";
import { findUnchanged } from "../../publish/unchanged.ts";
import { rankModels, train } from "../../train.ts";
import { findCodeVersion } from "../code-version.ts";
import { type ConnectionOptions, connect } from "../connection.ts";
import { parseCount, parseSeed } from "../numbers.ts";
import { printResult, tell } from "../output.ts";
import { terminalProgress } from "../progress-bar.ts";
import { openRows, sourceFormats } from "../rows.ts";
import { describeCleaning, layCandidates, toDocument } from "../train-report.ts";
import { writeBundles } from "../write-bundles.ts";

interface TrainCommandOptions extends ConnectionOptions {
  readonly dataset?: string;
  readonly source?: string;
  readonly format?: SourceFormat;
  readonly family: readonly string[];
  readonly models: number;
  readonly seed?: number;
  readonly out?: string;
  readonly publish?: string;
  readonly promote: PromotionMode;
  readonly reason?: string;
  readonly ifChanged?: boolean;
  readonly json?: boolean;
}

function chooseFamilies(names: readonly string[]): Family[] {
  const known: Readonly<Record<string, Family>> = families;
  const chosen = names.length > 0 ? [...new Set(names)] : Object.keys(known);
  return chosen.map((name) => {
    if (!Object.hasOwn(known, name)) {
      throw new InputError(
        `--family: expected one of ${Object.keys(known).join(", ")}; got ${JSON.stringify(name)}`,
      );
    }
    return known[name];
  });
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new InputError(`--out: cannot make the folder ${path}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

async function publishModels(
  client: Client,
  data: PreparedData,
  models: readonly [Bundle, ...Bundle[]],
  options: TrainCommandOptions,
) {
  const promotion = await publish(client, data, models, {
    mode: options.promote,
    note: options.reason,
    onPublished: (id) => tell(`published ${id}`),
  });
  const best = models[0].manifest.id;
  tell(
    promotion.promoted ? `${best} is now champion: ${promotion.reason}` : `not promoted: ${promotion.reason}`,
  );
  return promotion;
}

async function runTrain(options: TrainCommandOptions): Promise<void> {
  const chosen = chooseFamilies(options.family);
  const dataset = loadDataset(options.dataset ?? onlyDataset());
  const { spec } = dataset;
  const connection = { url: options.publish ?? options.url, token: options.token };
  const client = options.publish === undefined ? undefined : connect(connection);
  if (options.ifChanged && !client) throw new InputError("--if-changed: expected --publish beside it");
  if (options.out !== undefined) makeFolder(options.out);

  const rows = await openRows(dataset, options.source, options.format, connection);
  const data = await prepareData(spec, rows, options.seed ?? spec.split.seed);
  tell(
    `${spec.name}: ${describeCleaning(data.cleaning)}; ${data.train.rows} train, ${data.test.rows} held out`,
  );
  const code = findCodeVersion();
  if (client && options.ifChanged) {
    const names = chosen.map((family) => family.name);
    const unchanged = await findUnchanged(client, data, names, code);
    if (unchanged) {
      const document = { dataset: spec.name, unchanged: true, models: unchanged };
      printResult(options.json, document, () => `${spec.name}: unchanged, nothing to train`);
      return;
    }
  }
  const champion = await client?.findAlias(spec.name, championAlias);
  const results = await train(data, chosen, {
    modelsPerFamily: options.models,
    environment: { code, node: process.versions.node, platform: `${process.platform}-${process.arch}` },
    parent: champion?.model ?? null,
    progress: terminalProgress,
    now: () => new Date(),
  });
  const models = rankModels(results) as [Bundle, ...Bundle[]];
  if (options.out !== undefined) writeBundles(options.out, models, toDocument(data, results, models, null));
  if (!options.json) process.stdout.write(`${layCandidates(results, models[0].manifest.id)}\n`);
  const promotion = client ? await publishModels(client, data, models, options) : null;
  if (options.json) printResult(true, toDocument(data, results, models, promotion), () => "");
}

export function addTrainCommand(program: Command): void {
  program
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
    .option("--models <n>", "how many candidates of each family become models", parseCount, 3)
    .option("--seed <n>", "seed of split and fit; the spec's when left out", parseSeed)
    .option("--out <folder>", "write the bundles and metrics.json there")
    .option("--publish <url>", "publish to this server")
    .option("--url <url>", "the server that --source items reads from; APPRAISE_URL when left out")
    .option("--token <token>", "the server's access token or API key; APPRAISE_TOKEN when left out")
    .addOption(
      new Option(
        "--promote <mode>",
        "whether the best model becomes champion: auto = if it beats the present one",
      )
        .choices(promotionModes)
        .default("auto"),
    )
    .option("--reason <text>", "why, for the ledger of promotions")
    .option("--if-changed", "do nothing where the server holds models of the same spec, rows, seed and code")
    .option("--json", "print one JSON document on standard output")
    .action(runTrain);
}
