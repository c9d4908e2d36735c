// appraise up: infers the spec of a table unless it is there, adds it to appraise.json, and serves it.
import { relative, resolve } from "node:path";
import { listOwnDatasets, loadDataset } from "../../dataset/find-dataset.ts";
import { addDataset } from "../../serve/settings.ts";
import { datasetName } from "../../tables/init-dataset.ts";
import type { AddressOptions } from "../address-options.ts";
import { tell } from "../output.ts";
import { type InitCommandOptions, init } from "./init.ts";
import { serve } from "./serve.ts";

interface UpOptions extends InitCommandOptions, AddressOptions {}

/** Whether the dataset of that name was made from this source: it may have been edited since, and is used as it is. */
function isMade(name: string, source: string): boolean {
  if (!listOwnDatasets().includes(name)) return false;
  const { spec, directory } = loadDataset(name);
  const { path } = spec.source;
  return path === source || resolve(directory, path) === resolve(source);
}

export async function up(source: string, options: UpOptions): Promise<void> {
  const name = options.name ?? datasetName(source, options.table);
  if (!options.force && isMade(name, source))
    tell(`${relative(process.cwd(), loadDataset(name).file)} is used as it is; --force infers it again`);
  else await init(source, options);
  addDataset(process.cwd(), name);
  await serve({ dataset: [name], port: options.port, host: options.host });
}
