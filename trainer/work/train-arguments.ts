// What a training job asks for, as arguments of `appraise train`.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ClaimedJob, TrainRequest } from "#core/api/jobs.ts";
import { canonicalSpec } from "#core/dataset/spec.ts";
import type { Server } from "../../sdk/send.ts";
import { readSpec } from "../client/jobs.ts";

/** Every value stands in one argument with its option: none can become an option of its own. */
export function trainArguments(params: unknown, dataset: string): string[] {
  const request = TrainRequest.parse(params);
  const { families = [], preset, trials, timeout, models, seed, source, promote, reason } = request;
  const given = { preset, trials, timeout: timeout && `${timeout}s`, models, seed, promote, reason };
  return [
    `--dataset=${dataset}`,
    ...(source === "items" ? ["--source=items"] : []),
    ...families.map((family) => `--family=${family}`),
    ...Object.entries(request.params ?? {}).map(([name, value]) => `--param=${name}=${value}`),
    ...Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`])),
  ];
}

/** The arguments for a job. On items its spec is the server's, written into `folder`; on a file it is the one under data/. */
export async function argumentsFor(server: Server, job: ClaimedJob, folder: string): Promise<string[]> {
  let dataset = job.dataset;
  if (TrainRequest.parse(job.params).source === "items") {
    dataset = join(folder, "dataset.json");
    writeFileSync(dataset, canonicalSpec(await readSpec(server, job.dataset)));
  }
  return [...trainArguments(job.params, dataset), `--publish=${server.url}`, "--json"];
}
