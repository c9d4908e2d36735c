// Jobs as the server's HTTP API has them: asked for, followed, and worked on under a lease.
import { setTimeout as wait } from "node:timers/promises";
import * as z from "zod";
import { ClaimedJob, HeartbeatAnswer, Job, type JobProgress, type JobState } from "#core/api/jobs.ts";
import { DatasetSpec } from "#core/dataset/spec.ts";
import { type Call, type Server, send } from "../../sdk/send.ts";
import { readEvents } from "./event-stream.ts";
import { readAnswer } from "./read-answer.ts";

const JobsAnswer = z.object({ items: z.array(Job), next: z.string().nullable() });

function post(path: string, body: object, call: Partial<Call> = {}): Call {
  const headers = { "content-type": "application/json", ...call.headers };
  return { method: "POST", path, body: JSON.stringify(body), ...call, headers };
}

const pathOf = (id: string, what = "") => `/v1/jobs/${encodeURIComponent(id)}${what}`;

/** Queues a training. The key makes sending it again harmless. */
export async function queueTraining(server: Server, dataset: string, request: object): Promise<Job> {
  const headers = { "idempotency-key": crypto.randomUUID() };
  const call = post(`/v1/${encodeURIComponent(dataset)}/train`, request, { headers, repeatable: true });
  return readAnswer(Job, await send(server, call));
}

export async function readJob(server: Server, id: string): Promise<Job> {
  return readAnswer(Job, await send(server, { method: "GET", path: pathOf(id) }));
}

/** The newest jobs. */
export async function listJobs(server: Server, query: Readonly<Record<string, string>>): Promise<Job[]> {
  const path = `/v1/jobs?${new URLSearchParams(query)}`;
  return (await readAnswer(JobsAnswer, await send(server, { method: "GET", path }))).items;
}

export async function cancelJob(server: Server, id: string): Promise<Job> {
  return readAnswer(Job, await send(server, post(pathOf(id, "/cancel"), {}, { repeatable: true })));
}

/** What a job tells of itself. */
export type JobEvent =
  | { readonly type: "state"; readonly state: JobState; readonly error?: string | null }
  | { readonly type: "progress"; readonly progress: JobProgress }
  | { readonly type: "log"; readonly line: string };

const State = z.object({ state: Job.shape.state, error: z.string().nullish() });
const Progress = z.object({
  label: z.string(),
  done: z.number(),
  total: z.number(),
  note: z.string().optional(),
});
const Log = z.object({ line: z.string() });

/** Undefined for an event of a kind that is not known here. */
function readEvent(event: string, data: string): JobEvent | undefined {
  const value: unknown = JSON.parse(data);
  if (event === "state") return { type: "state", ...State.parse(value) };
  if (event === "progress") return { type: "progress", progress: Progress.parse(value) };
  return event === "log" ? { type: "log", ...Log.parse(value) } : undefined;
}

const pauseMs = 1000;

/** Every event of a job until its end, picked up where a stream ended; throws where the server is gone. */
export async function* followJob(server: Server, id: string): AsyncGenerator<JobEvent> {
  for (let last = "0"; ; ) {
    const headers = { accept: "text/event-stream", "last-event-id": last };
    const response = await send(server, { method: "GET", path: pathOf(id, "/events"), headers });
    if (response.status === 204 || !response.body) return;
    try {
      for await (const { id: at, event, data } of readEvents(response.body)) {
        const told = readEvent(event, data);
        last = at;
        if (told) yield told;
        if (told?.type === "state" && ["succeeded", "failed", "cancelled"].includes(told.state)) return;
      }
    } catch (error) {
      // A stream may break off at any time; whether the server is gone shows when the next one is asked for.
      if (!(error instanceof TypeError)) throw error;
    }
    await wait(pauseMs);
  }
}

export interface Claimant {
  readonly worker: string;
  readonly leaseSeconds: number;
}

/** Claims the oldest training; undefined where there is none. */
export async function claimJob(server: Server, claimant: Claimant): Promise<ClaimedJob | undefined> {
  const response = await send(server, post("/v1/jobs/claim", claimant));
  return response.status === 204 ? undefined : readAnswer(ClaimedJob, response);
}

/** The job's lease, and what may be done with it; every call throws a refusal with status 409 where it is lost. */
export class HeldLease {
  private readonly server: Server;
  private readonly job: Pick<ClaimedJob, "id" | "lease">;

  constructor(server: Server, job: Pick<ClaimedJob, "id" | "lease">) {
    this.server = server;
    this.job = job;
  }

  #send(what: string, body: object = {}, repeatable = false): Promise<Response> {
    const { id, lease } = this.job;
    return send(this.server, post(pathOf(id, `/${what}`), { lease, ...body }, { repeatable }));
  }

  async extend(): Promise<z.infer<typeof HeartbeatAnswer>> {
    return readAnswer(HeartbeatAnswer, await this.#send("heartbeat"));
  }

  async report(progress: JobProgress | undefined, lines: readonly string[]): Promise<void> {
    await this.#send("events", { progress, lines });
  }

  async complete(result: object): Promise<Job> {
    return readAnswer(Job, await this.#send("complete", { result }, true));
  }

  async fail(error: string, retry: boolean): Promise<Job> {
    return readAnswer(Job, await this.#send("fail", { error, retry }));
  }

  async release(): Promise<void> {
    await this.#send("release");
  }
}

/** The spec of a dataset as it is registered. */
export async function readSpec(server: Server, dataset: string): Promise<DatasetSpec> {
  const response = await send(server, { method: "GET", path: `/v1/${encodeURIComponent(dataset)}` });
  return (await readAnswer(z.object({ spec: DatasetSpec }), response)).spec;
}
