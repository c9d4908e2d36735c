// What routes under /v1/{dataset} begin with: the dataset itself, or 404.
import { Refusal } from "#core/api/refusal.ts";
import type { AppContext } from "../http/context.ts";
import type { KnownDataset } from "./catalogue.ts";

/** The dataset of the path, from memory where the isolate has it; throws a refusal for an unknown one. */
export async function requireDataset(c: AppContext): Promise<KnownDataset & { readonly name: string }> {
  const name = c.get("dataset") ?? "";
  const known = await c.get("isolate").catalogue.find(c.env, name, (work) => c.executionCtx.waitUntil(work));
  if (!known) throw new Refusal("not-found", `no dataset is called "${name.slice(0, 63)}"`);
  return { ...known, name };
}
