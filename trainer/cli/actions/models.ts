import type { Manifest } from "#core/bundle/manifest.ts";
import { taskOfMetrics } from "#core/tasks/index.ts";
import type { ListedModel } from "../../client/answers.ts";
import { compareModels } from "../../client/ledger.ts";
import { championAlias } from "../../publish/promotion-mode.ts";
import { layComparison } from "../comparison-report.ts";
import { layManifest } from "../manifest-report.ts";
import type { ModelsOptions } from "../models-options.ts";
import { findId, openDataset } from "../named-model.ts";
import { bold, printResult } from "../output.ts";
import { layTable } from "../text-table.ts";
import { metricCells, metricColumns } from "../train-report.ts";

function layModels(models: readonly ListedModel[]): string {
  if (models.length === 0) return "no models yet";
  const left = (title: string) => ({ title, align: "left" }) as const;
  const task = taskOfMetrics(models[0].metrics.heldOut);
  const columns = [left("model"), left("family"), left("trained"), ...metricColumns(task), left("aliases")];
  const rows = models.map(({ id, family, trainedAt, metrics, aliases }) => [
    id,
    family,
    trainedAt?.slice(0, 16).replace("T", " ") ?? "",
    ...metricCells(task, metrics.crossValidated ?? undefined, metrics.heldOut),
    aliases.map((alias) => (alias === championAlias ? bold(alias) : alias)).join(", "),
  ]);
  return layTable(columns, rows);
}

export async function list(options: ModelsOptions): Promise<void> {
  const { client, dataset } = openDataset(options);
  const models = await client.listModels(dataset);
  const champion = models.find(({ aliases }) => aliases.includes(championAlias));
  const document = { dataset, champion: champion?.id ?? null, models };
  printResult(options.json, document, () => layModels(models));
}

export async function show(idOrAlias: string, options: ModelsOptions): Promise<void> {
  const { client, dataset } = openDataset(options);
  const id = await findId(client, dataset, idOrAlias);
  const manifest: Manifest = await client.readManifest(dataset, id);
  printResult(options.json, manifest, () => layManifest(manifest));
}

export async function compare(a: string, b: string, options: ModelsOptions): Promise<void> {
  const { client, dataset } = openDataset(options);
  const [own, other] = [await findId(client, dataset, a), await findId(client, dataset, b)];
  const comparison = await compareModels(client.server, dataset, own, other);
  printResult(options.json, comparison, () => layComparison(comparison));
}
