// A promotion that comes of a job stands in the ledger in the name of who asked for the job.
import { beforeEach, expect, it } from "vitest";
import type { ClaimedJob } from "#core/api/jobs.ts";
import { boats, diamonds, makeBundle, publish, register } from "../models/bundles.ts";
import { resetStorage, Service } from "../service.ts";
import { expire, jobCalls } from "./job-calls.ts";

let service: Service;
let model: string;
const tokens: Record<"asker" | "trainer", string> = { asker: "", trainer: "" };
const ids: Record<"asker" | "trainer", string> = { asker: "", trainer: "" };

const { post, ask, tell } = jobCalls(() => service);

beforeEach(async () => {
  await resetStorage();
  service = new Service();
  await register(service, boats);
  const bundle = await makeBundle(boats);
  expect((await publish(service, boats, bundle)).status).toBe(201);
  model = bundle.manifest.id;
  const scopes = { asker: ["jobs:write"], trainer: ["jobs:work", "models:promote"] };
  for (const name of ["asker", "trainer"] as const) {
    const made = await post("/v1/keys", { name, scopes: scopes[name] });
    expect(made.status).toBe(201);
    ({ id: ids[name], key: tokens[name] } = await made.json<{ id: string; key: string }>());
  }
});

async function claimAsked(dataset = "boats"): Promise<ClaimedJob> {
  const asked = await post(`/v1/${dataset}/train`, {}, {}, tokens.asker);
  expect(asked.status).toBe(202);
  return (await ask()).json<ClaimedJob>();
}

const promote = (lease: string | undefined) =>
  service.fetch("/v1/boats/aliases/champion", {
    method: "PUT",
    token: tokens.trainer,
    headers: { "if-none-match": "*", ...(lease === undefined ? {} : { "x-job-lease": lease }) },
    json: { model, reason: "better" },
  });

const actors = async () => {
  const answer = await service.fetch("/v1/boats/aliases/champion/history", { token: "admin" });
  return (await answer.json<{ items: { actor: string }[] }>()).items.map(({ actor }) => actor);
};

it("names who asked where the trainer sends its lease, and the trainer's key where it sends none", async () => {
  const { id, lease } = await claimAsked();
  expect((await promote(`${id}:${lease}`)).status).toBe(201);
  expect(await actors()).toEqual([ids.asker]);
  const again = await service.fetch("/v1/boats/aliases/other", {
    method: "PUT",
    token: tokens.trainer,
    headers: { "if-none-match": "*" },
    json: { model, reason: "better" },
  });
  expect(again.status).toBe(201);
  const history = await service.fetch("/v1/boats/aliases/other/history", { token: "admin" });
  expect((await history.json<{ items: { actor: string }[] }>()).items[0].actor).toBe(ids.trainer);
});

it("moves nothing where the lease has run out, has ended, is wrong, or is another dataset's", async () => {
  const expired = await claimAsked();
  await expire(expired.id);
  expect((await promote(`${expired.id}:${expired.lease}`)).status).toBe(409);
  const done = await (await ask()).json<ClaimedJob>();
  expect((await promote(`${done.id}:${"0".repeat(64)}`)).status).toBe(409);
  expect((await promote(`nosuch:${done.lease}`)).status).toBe(404);
  expect((await tell(done, "complete", { result: {} })).status).toBe(200);
  expect((await promote(`${done.id}:${done.lease}`)).status).toBe(409);
  await register(service, diamonds);
  const other = await claimAsked("diamonds");
  expect((await promote(`${other.id}:${other.lease}`)).status).toBe(409);
  expect((await service.fetch("/v1/boats/aliases/champion", { token: "admin" })).status).toBe(404);
});

it.each([
  ["nothing", ""],
  ["no colon", "x"],
  ["a long id", `${"a".repeat(65)}:${"0".repeat(64)}`],
  ["letters that are no digits", `a:${"Z".repeat(64)}`],
  ["a long lease", `a:${"0".repeat(5000)}`],
])("says what is expected instead of %s and never repeats it", async (_, sent) => {
  const answer = await promote(sent);
  expect(answer.status).toBe(422);
  const { errors } = await answer.json<{ errors: { pointer: string; detail: string }[] }>();
  expect(errors).toEqual([
    {
      pointer: "/x-job-lease",
      detail: "expected the id of a job, a colon and its lease of 64 hexadecimal digits",
    },
  ]);
});
