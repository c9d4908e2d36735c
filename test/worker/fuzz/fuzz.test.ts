// Every operation of openapi.json under generated requests: whatever is sent, the answer is one that the document describes.
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import committed from "../../../sdk/generated/openapi.json";
import { bootstrapSecret } from "../identity/people.ts";
import { stone } from "../models/bundles.ts";
import { env, Service } from "../service.ts";
import { type Answer, ApiDocument } from "./api-document.ts";
import { type FuzzRequest, type Known, plainRequest, requestsOf } from "./api-requests.ts";
import { fill } from "./filled-service.ts";

const numRuns = Number(env.FUZZ_RUNS);
const seed = Number(env.FUZZ_SEED);

/** What takes more than one good request: a secret, a lease that was not given back before, a model that was never live, the hash of a body. */
const beyondOne = ["createFirstUser", "completeJob", "failJob", "deleteModel", "putSnapshot", "putDataset"];

const service = new Service();
let tokens: ReadonlyMap<string, string>;
let known: Known;
let document: ApiDocument;
let priceBefore: number;

async function readPrice(): Promise<number> {
  const answer = await service.fetch("/v1/diamonds/predict", { json: stone });
  return (await answer.json<{ prediction: number }>()).prediction;
}

beforeAll(async () => {
  ({ known, tokens } = await fill(service));
  document = new ApiDocument(await (await service.fetch("/openapi.json", { token: "admin" })).json());
  priceBefore = await readPrice();
});

/** The length of a body is known to whoever sends it. */
function lengthOf(body: FuzzRequest["body"]): Record<string, string> {
  if (body === null) return {};
  return {
    "content-length": String(typeof body === "string" ? new TextEncoder().encode(body).length : body.length),
  };
}

async function send({ method, target, headers, token, body }: FuzzRequest): Promise<Answer> {
  const given = Object.entries(headers).filter((one): one is [string, string] => one[1] !== undefined);
  const answer = await service.fetch(target, {
    method,
    headers: { ...lengthOf(body), ...Object.fromEntries(given) },
    body,
    token: tokens.get(token),
  });
  const { status, headers: told } = answer;
  // A stream of events ends in its own time.
  if (told.get("content-type")?.startsWith("text/event-stream")) {
    await answer.body?.cancel();
    return { status, headers: told, text: undefined };
  }
  return { status, headers: told, text: new TextDecoder().decode(await answer.arrayBuffer()) };
}

/** What no answer may show, whoever asks. */
function leaksOf({ status, headers, text }: Answer): string[] {
  const shown = `${[...headers].join("\n")}\n${text ?? ""}`;
  const secrets = [env.ADMIN_TOKEN, env.SIGNING_SECRET, bootstrapSecret, ...tokens.values()];
  const leaks = secrets.filter((secret) => shown.includes(secret)).map(() => `${status} shows a secret`);
  if (/\n\s+at \S|node_modules|\.ts:\d+|SQLITE_|D1_ERROR/.test(shown)) leaks.push("shows its insides");
  return leaks;
}

/** Nothing is broken here, so only what has no champion yet is not available. */
const isAway = (target: string, { status }: Answer) => status === 503 && !/boats|^\/readyz/.test(target);

const names = Object.values(committed.paths).flatMap((methods) =>
  Object.values(methods as Record<string, { operationId: string }>).map(({ operationId }) => operationId),
);

describe(`${numRuns} requests each, seed ${seed}`, () => {
  it.each(names)("%s answers what is described", async (name) => {
    const operation = document.operations.find(({ operationId }) => operationId === name)!;
    const check = async (request: FuzzRequest) => {
      const answer = await send(request);
      const { pathname } = new URL(`http://x${request.target}`);
      const faults = [...document.faultsOf(request.method, pathname, answer), ...leaksOf(answer)];
      if (isAway(request.target, answer)) faults.push("503 while everything is there");
      expect(faults, `${answer.status} ${answer.text?.slice(0, 400)}`).toEqual([]);
      seen[answer.status] = (seen[answer.status] ?? 0) + 1;
      return answer;
    };
    const seen: Record<string, number> = {};
    const { status, text } = await check(plainRequest(operation, known));
    const taken = status < 300 || beyondOne.includes(name);
    expect(taken, `a fuzzer that is always refused says little: ${status} ${text}`).toBe(true);
    await fc.assert(
      fc.asyncProperty(
        requestsOf(document, operation, known),
        async (request) => void (await check(request)),
      ),
      { numRuns, seed },
    );
    await service.settle();
    console.log(`${name} ${JSON.stringify(seen)}`);
  });

  it("prices as before, after all that", async () => {
    expect(await readPrice()).toBe(priceBefore);
  });
});
