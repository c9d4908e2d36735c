// Which dataset of which server a command about models means, and which model a name means.
import { InputError } from "#core/api/problem.ts";
import { ModelId } from "#core/bundle/manifest.ts";
import type { AliasState, Client } from "../client/client.ts";
import { onlyDataset } from "../dataset/find-dataset.ts";
import { connect } from "./connection.ts";
import type { ModelsOptions } from "./models-options.ts";

export function openDataset(options: ModelsOptions): { client: Client; dataset: string } {
  return { client: connect(options), dataset: options.dataset ?? onlyDataset() };
}

const isAliasName = (name: string) => /^[a-z][a-z0-9-]*$/.test(name);

/** The id itself, or the model that an alias of this name points to. */
export async function findId(client: Client, dataset: string, idOrAlias: string): Promise<string> {
  if (ModelId.safeParse(idOrAlias).success) return idOrAlias;
  const alias = isAliasName(idOrAlias) && (await client.findAlias(dataset, idOrAlias));
  if (alias) return alias.model;
  throw new InputError(
    `${idOrAlias}: expected a model's id, as in linear-0123456789ab, or an alias of ${dataset}`,
  );
}

/** Where an alias points. Throws InputError where there is none of this name. */
export async function requireAlias(client: Client, dataset: string, alias: string): Promise<AliasState> {
  const state = isAliasName(alias) ? await client.findAlias(dataset, alias) : undefined;
  if (state) return state;
  throw new InputError(`--alias: ${dataset} has no alias called ${JSON.stringify(alias)}`);
}
