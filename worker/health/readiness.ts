// Whether every public dataset can be priced, and what stands against it.
import type { Readiness } from "#core/api/answers.ts";
import type { AppContext } from "../http/context.ts";
import { publicDatasets } from "../identity/index.ts";

async function readinessOf(c: AppContext, name: string): Promise<Readiness["datasets"][number]> {
  const { catalogue } = c.var.isolate;
  try {
    const known = await catalogue.find(c.env, name, (work) => c.executionCtx.waitUntil(work));
    if (!known) return { name, ready: false, detail: "not registered" };
    if (!known.champion) return { name, ready: false, detail: "no model published yet" };
    return { name, ready: true, detail: `priced by ${known.champion.id}` };
  } catch {
    return { name, ready: false, detail: "the storage does not answer" };
  }
}

export async function findReadiness(c: AppContext): Promise<Readiness> {
  const names = publicDatasets(c.env.PUBLIC_DATASETS);
  const datasets = await Promise.all(names.map((name) => readinessOf(c, name)));
  return { ready: datasets.every((dataset) => dataset.ready), datasets };
}
