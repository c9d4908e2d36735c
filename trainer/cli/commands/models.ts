// appraise models: the training history a server keeps, and everything it knows of one model.
import type { Command } from "commander";
import { InputError } from "#core/api/problem.ts";
import { type Manifest, ModelId } from "#core/bundle/manifest.ts";
import type { ListedModel } from "../../client/answers.ts";
import type { Client } from "../../client/client.ts";
import { onlyDataset } from "../../dataset/find-dataset.ts";
import { championAlias } from "../../publish/promotion.ts";
import { addConnectionOptions, type ConnectionOptions, connect } from "../connection.ts";
import { layManifest } from "../manifest-report.ts";
import { bold, printResult } from "../output.ts";
import { layTable } from "../text-table.ts";
import { figures, metricColumns } from "../train-report.ts";

interface ModelsOptions extends ConnectionOptions {
  readonly dataset?: string;
  readonly json?: boolean;
}

function layModels(models: readonly ListedModel[]): string {
  if (models.length === 0) return "no models yet";
  const left = (title: string) => ({ title, align: "left" }) as const;
  const columns = [left("model"), left("family"), left("trained"), ...metricColumns, left("aliases")];
  const rows = models.map(({ id, family, trainedAt, metrics, aliases }) => [
    id,
    family,
    trainedAt?.slice(0, 16).replace("T", " ") ?? "",
    ...figures(metrics.crossValidated ?? undefined, metrics.heldOut),
    aliases.map((alias) => (alias === championAlias ? bold(alias) : alias)).join(", "),
  ]);
  return layTable(columns, rows);
}

async function list(options: ModelsOptions): Promise<void> {
  const client = connect(options);
  const dataset = options.dataset ?? onlyDataset();
  const models = await client.listModels(dataset);
  const champion = models.find(({ aliases }) => aliases.includes(championAlias));
  const document = { dataset, champion: champion?.id ?? null, models };
  printResult(options.json, document, () => layModels(models));
}

/** The id itself, or the model that an alias of this name points to. */
async function findId(client: Client, dataset: string, idOrAlias: string): Promise<string> {
  if (ModelId.safeParse(idOrAlias).success) return idOrAlias;
  const alias = /^[a-z][a-z0-9-]*$/.test(idOrAlias) && (await client.findAlias(dataset, idOrAlias));
  if (alias) return alias.model;
  throw new InputError(
    `${idOrAlias}: expected a model's id, as in linear-0123456789ab, or an alias of ${dataset}`,
  );
}

async function show(idOrAlias: string, options: ModelsOptions): Promise<void> {
  const client = connect(options);
  const dataset = options.dataset ?? onlyDataset();
  const id = await findId(client, dataset, idOrAlias);
  const manifest: Manifest = await client.readManifest(dataset, id);
  printResult(options.json, manifest, () => layManifest(manifest));
}

function addModelsOptions(command: Command): Command {
  return addConnectionOptions(
    command.option("--dataset <name>", "name of the dataset; may be left out where data/ holds only one"),
  ).option("--json", "print one JSON document on standard output");
}

export function addModelsCommand(program: Command): void {
  const models = program.command("models").description("look at the models that a server holds");
  addModelsOptions(
    models
      .command("list")
      .description("every model with its family, metrics and the aliases that point to it, newest first"),
  ).action(list);
  addModelsOptions(
    models
      .command("show")
      .description("how one model came about and how well it does")
      .argument("<id or alias>", "the model"),
  ).action(show);
}
