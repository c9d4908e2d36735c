import type { AbandonedBundle } from "../../client/answers.ts";
import { deleteModel, listAbandoned } from "../../client/ledger.ts";
import type { ModelsOptions } from "../models-options.ts";
import { openDataset } from "../named-model.ts";
import { printResult, tell } from "../output.ts";

interface PruneOptions extends ModelsOptions {
  readonly keep: number;
  readonly dryRun?: boolean;
}

function layPruned(models: readonly string[], bundles: readonly AbandonedBundle[], isDry: boolean): string {
  const verb = isDry ? "would delete" : "deleted";
  const lines = [
    ...models.map((id) => `${verb} ${id}`),
    ...bundles.map(
      ({ model, bundle, files, bytes }) =>
        `${verb} ${files} files (${bytes} bytes) of ${model}/${bundle}, never published`,
    ),
  ];
  return lines.length > 0 ? lines.join("\n") : "nothing to delete";
}

export async function prune(options: PruneOptions): Promise<void> {
  const { client, dataset } = openDataset(options);
  const isDry = options.dryRun === true;
  // Newest first; what was ever live is not counted and never deleted.
  const idle = (await client.listModels(dataset)).filter(
    ({ everLive, aliases }) => !everLive && aliases.length === 0,
  );
  const deleted: string[] = [];
  for (const { id } of idle.slice(options.keep)) {
    const outcome = isDry ? "deleted" : await deleteModel(client.server, dataset, id);
    if (outcome === "deleted") deleted.push(id);
    else tell(`${id} went live meanwhile: kept`);
  }
  const bundles = await listAbandoned(client.server, dataset, isDry ? "GET" : "DELETE");
  const document = { dataset, dryRun: isDry, keep: options.keep, models: deleted, bundles };
  printResult(options.json, document, () => layPruned(deleted, bundles, isDry));
}
