// appraise models: the training history a server keeps, everything it knows of one model, and two side by side.
import type { Command } from "commander";
import type { Manifest } from "#core/bundle/manifest.ts";
import type { ListedModel } from "../../client/answers.ts";
import { compareModels } from "../../client/ledger.ts";
import { championAlias } from "../../publish/promotion.ts";
import { layComparison } from "../comparison-report.ts";
import { layManifest } from "../manifest-report.ts";
import { addModelsOptions, findId, type ModelsOptions, openDataset } from "../models-options.ts";
import { bold, printResult } from "../output.ts";
import { layTable } from "../text-table.ts";
import { figures, metricColumns } from "../train-report.ts";
import { addModelMoveCommands } from "./model-moves.ts";
import { addModelPruneCommand } from "./model-prune.ts";

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
  const { client, dataset } = openDataset(options);
  const models = await client.listModels(dataset);
  const champion = models.find(({ aliases }) => aliases.includes(championAlias));
  const document = { dataset, champion: champion?.id ?? null, models };
  printResult(options.json, document, () => layModels(models));
}

async function show(idOrAlias: string, options: ModelsOptions): Promise<void> {
  const { client, dataset } = openDataset(options);
  const id = await findId(client, dataset, idOrAlias);
  const manifest: Manifest = await client.readManifest(dataset, id);
  printResult(options.json, manifest, () => layManifest(manifest));
}

async function compare(a: string, b: string, options: ModelsOptions): Promise<void> {
  const { client, dataset } = openDataset(options);
  const [own, other] = [await findId(client, dataset, a), await findId(client, dataset, b)];
  const comparison = await compareModels(client.server, dataset, own, other);
  printResult(options.json, comparison, () => layComparison(comparison));
}

export function addModelsCommand(program: Command): void {
  const models = program.command("models").description("look at, compare, move and prune a server's models");
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
  addModelsOptions(
    models
      .command("compare")
      .description("two models side by side, with the gate's verdict on the same held-out rows")
      .argument("<a>", "id or alias; stands as the champion")
      .argument("<b>", "id or alias; stands as the challenger"),
  ).action(compare);
  addModelMoveCommands(models);
  addModelPruneCommand(models);
}
