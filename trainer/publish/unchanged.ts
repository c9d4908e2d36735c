// Whether a run would only repeat what a server already holds.
import type { Client } from "../client/client.ts";
import type { PreparedData } from "../prepare.ts";
import { championAlias } from "./promotion-mode.ts";

/** Ids of the published models that the same spec, rows, seed and code gave, when every family has one and a champion stands. */
export async function findUnchanged(
  client: Client,
  data: PreparedData,
  families: readonly string[],
  code: string,
): Promise<string[] | undefined> {
  const listed = await client.listModels(data.spec.name);
  const same = listed.filter(
    (model) =>
      model.specHash === data.specHash &&
      model.dataSha256 === data.snapshot.sha256 &&
      model.seed === data.seed &&
      model.code === code,
  );
  if (!families.every((family) => same.some((model) => model.family === family))) return undefined;
  return (await client.findAlias(data.spec.name, championAlias)) && same.map((model) => model.id);
}
