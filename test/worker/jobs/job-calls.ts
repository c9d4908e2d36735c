// Jobs as their callers know them, for the Worker's tests: asked for, claimed, reported on, followed.
import type { ClaimedJob, Job } from "#core/api/jobs.ts";
import { env, type Service } from "../service.ts";

/** Calls to the service of the moment, as admin unless a token is given. */
export function jobCalls(of: () => Service) {
  const post = (path: string, json: unknown, headers: Record<string, string> = {}, token = "admin") =>
    of().fetch(path, { method: "POST", json, headers, token });
  const train = (json: unknown = {}, headers: Record<string, string> = {}) =>
    post("/v1/boats/train", json, headers);
  const ask = (worker = "a", leaseSeconds = 60) => post("/v1/jobs/claim", { worker, leaseSeconds });
  return {
    ...{ post, train, ask },
    queue: async (json: unknown = {}) => (await train(json)).json<Job>(),
    read: async (id: string) => (await of().fetch(`/v1/jobs/${id}`, { token: "admin" })).json<Job>(),
    claim: async (worker?: string, leaseSeconds?: number) =>
      (await ask(worker, leaseSeconds)).json<ClaimedJob>(),
    tell: (job: ClaimedJob, what: string, body: object = {}) =>
      post(`/v1/jobs/${job.id}/${what}`, { lease: job.lease, ...body }),
    follow: (id: string, after?: string) => {
      const headers: Record<string, string> = after === undefined ? {} : { "last-event-id": after };
      return of().fetch(`/v1/jobs/${id}/events`, { token: "admin", headers });
    },
  };
}

/** As if the job's lease had run out: nobody has to wait for it. */
export const expire = (id: string) =>
  env.DB.prepare("update jobs set lease_expires_at = 1 where id = ?").bind(id).run();

interface Told {
  readonly id: string;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** The events of a stream that has ended. */
export const parseEvents = (text: string): Told[] =>
  text
    .split("\n\n")
    .map((block) => Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/s).slice(0, 2))))
    .filter(({ event }) => event)
    .map(({ id, event, data }) => ({ id, event, data: JSON.parse(data) }));
