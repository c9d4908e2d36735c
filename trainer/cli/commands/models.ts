// appraise models list: the training history a server keeps, newest first.
import type { Command } from "commander";
import type { ListedModel } from "../../client/answers.ts";
import { onlyDataset } from "../../dataset/find-dataset.ts";
import { championAlias } from "../../publish/promotion.ts";
import { addConnectionOptions, type ConnectionOptions, connect } from "../connection.ts";
import { bold, printResult } from "../output.ts";
import { layTable } from "../text-table.ts";
import { figures, metricColumns } from "../train-report.ts";

interface ListOptions extends ConnectionOptions {
  readonly dataset?: string;
  readonly json?: boolean;
}

function layModels(models: readonly ListedModel[], champion: string | undefined): string {
  if (models.length === 0) return "no models yet";
  const columns = [
    { title: "model", align: "left" } as const,
    { title: "trained", align: "left" } as const,
    ...metricColumns,
    { title: "", align: "left" } as const,
  ];
  const rows = models.map(({ id, trainedAt, metrics }) => [
    id,
    trainedAt?.slice(0, 16).replace("T", " ") ?? "",
    ...figures(metrics.crossValidated ?? undefined, metrics.heldOut),
    id === champion ? bold("champion") : "",
  ]);
  return layTable(columns, rows);
}

async function list(options: ListOptions): Promise<void> {
  const client = connect(options);
  const dataset = options.dataset ?? onlyDataset();
  const [models, champion] = await Promise.all([
    client.listModels(dataset),
    client.findAlias(dataset, championAlias),
  ]);
  const document = { dataset, champion: champion?.model ?? null, models };
  printResult(options.json, document, () => layModels(models, champion?.model));
}

export function addModelsCommand(program: Command): void {
  const models = program.command("models").description("look at the models that a server holds");
  addConnectionOptions(
    models
      .command("list")
      .description("every model with its metrics, newest first")
      .option("--dataset <name>", "name of the dataset; may be left out where data/ holds only one"),
  )
    .option("--json", "print one JSON document on standard output")
    .action(list);
}
