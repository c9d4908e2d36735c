// What routes under /v1/{dataset} begin with: the dataset itself, or 404.
import { Refusal } from "#core/api/refusal.ts";
import { hint } from "#core/dataset/did-you-mean.ts";
import { listDatasets } from "../datasets/store/datasets.ts";
import type { AppContext } from "../http/context.ts";
import { maySee, publicDatasets } from "../identity/access.ts";
import type { KnownDataset } from "./catalogue.ts";

/** The dataset of the path, from memory where the isolate has it; throws a refusal for an unknown one. */
export async function requireDataset(c: AppContext): Promise<KnownDataset & { readonly name: string }> {
  const name = c.get("dataset") ?? "";
  const known = await c.get("isolate").catalogue.find(c.env, name, (work) => c.executionCtx.waitUntil(work));
  if (!known) throw await unknownDataset(c, name);
  return { ...known, name };
}

/** The hint names only what this caller may see. */
export async function unknownDataset(c: AppContext, name: string): Promise<Refusal> {
  const principal = c.get("principal");
  const isPublic = publicDatasets(c.env.PUBLIC_DATASETS);
  const listed = await listDatasets(c.env).catch(() => []);
  const names = listed
    .map((dataset) => dataset.spec.name)
    .filter((one) => isPublic.includes(one) || maySee(principal, one));
  return new Refusal("not-found", `no dataset is called "${name.slice(0, 63)}"${hint(name, names)}`);
}
