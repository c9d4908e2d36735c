// Every operation of openapi.json under generated requests: whatever is sent, the answer is one that the document describes.
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import committed from "../../../sdk/generated/openapi.json";
import { issueToken } from "../../../worker/tokens.ts";
import { boats, diamonds, importItems, makeBundle, register, setUp, stone } from "../bundles.ts";
import { logIn, makeKey, makeUser } from "../identity/people.ts";
import { env, resetStorage, Service } from "../service.ts";
import { ApiDocument } from "./api-document.ts";
import { type FuzzRequest, type Known, requestsOf } from "./api-requests.ts";

const numRuns = Number(env.FUZZ_RUNS);
const seed = Number(env.FUZZ_SEED);

const service = new Service();
const tokens = new Map<string, string>();
let known: Known;
let document: ApiDocument;
let fair: number;

const base64url = (value: object) =>
  btoa(JSON.stringify(value)).replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_");

async function made<T>(path: string, json: unknown): Promise<T> {
  const answer = await service.fetch(path, { token: "admin", json });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json<T>();
}

async function partsOf(form: FormData): Promise<Record<string, Uint8Array>> {
  const files = [...form.entries()].map(async ([name, file]) => {
    return [name, new Uint8Array(await (file as unknown as Blob).arrayBuffer())] as const;
  });
  return Object.fromEntries(await Promise.all(files));
}

const price = async () =>
  (await (await service.fetch("/v1/diamonds/predict", { json: stone })).json<{ prediction: number }>())
    .prediction;

beforeAll(async () => {
  await resetStorage();
  const { manifest } = await setUp(service, diamonds);
  await register(service, boats);
  await importItems(service, diamonds, [
    { id: "i1", ...stone, price: 4000 },
    { id: "a b", ...stone, price: 4100 },
  ]);
  await makeUser(service, "ada", ["items:read", "items:write"]);
  const key = await makeKey(service, { scopes: ["predict"] });
  const spareKey = await makeKey(service, { scopes: ["predict"] });
  const job = await made<{ id: string }>("/v1/diamonds/train", { families: ["linear"] });
  await made(`/v1/jobs/${job.id}/cancel`, undefined);
  const { id: request } = await made<{ id: string }>("/v1/diamonds/predict", stone);
  const logged = await service.fetch("/v1/requests", { token: "admin" });
  expect(logged.status).toBe(200);
  const other = await makeBundle(diamonds, { slope: 4100 });
  const now = Date.now();
  const claims = { sub: "admin", scope: "admin", iat: now / 1000, exp: now / 1000 + 600, aud: "appraise" };
  tokens.set("admin", env.ADMIN_TOKEN);
  tokens.set("wrong", `x${env.ADMIN_TOKEN.slice(1)}`);
  tokens.set("without signature", `${base64url({ alg: "none", typ: "JWT" })}.${base64url(claims)}.`);
  tokens.set("key", key.key);
  tokens.set("user", (await logIn(service, "ada")).access_token);
  tokens.set("long ago", await issueToken(env, { subject: "ada", scopes: ["admin"] }, now - 86_400_000));
  const idsByPath: [string, string[]][] = [
    ["/v1/{dataset}/items", ["i1", "a b"]],
    ["/v1/{dataset}/models", [manifest.id]],
    ["/v1/{dataset}/aliases", ["spare", "champion"]],
    ["/v1/{dataset}/snapshots", ["0".repeat(64)]],
    ["/v2/models", [manifest.id, "champion"]],
    ["/v1/jobs", [job.id]],
    ["/v1/requests", [request]],
    ["/v1/keys", [spareKey.id]],
    ["/v1/users", ["ada"]],
    ["/v1/files", ["stones.csv"]],
  ];
  known = {
    ids: (path) => idsByPath.find(([start]) => path.startsWith(start))?.[1] ?? ["x"],
    samples: {
      dataset: ["diamonds", "diamonds", "diamonds", "boats"],
      model: [manifest.id, "champion", "spare"],
      a: [manifest.id],
      b: [manifest.id, "champion"],
      filter: ["cut:eq:Ideal", "carat:gte:0.5", "price:lt:9000"],
      sort: ["-price", "carat", "id"],
      feature: diamonds.features.map(({ name }) => name),
      families: ["linear"],
      name: ["carat", "ada"],
      username: ["ada"],
    },
    tokens: [...tokens.keys()],
    parts: await partsOf(other.form()),
    gzip: new Uint8Array(
      await new Response(
        new Blob(["a,b\n1,2\n"]).stream().pipeThrough(new CompressionStream("gzip")),
      ).arrayBuffer(),
    ),
  };
  document = new ApiDocument(await (await service.fetch("/openapi.json", { token: "admin" })).json());
  fair = await price();
});

async function send({ method, target, headers, token, body }: FuzzRequest) {
  const sent = Object.entries(headers).filter((one): one is [string, string] => one[1] !== undefined);
  const call = { method, headers: Object.fromEntries(sent), body, token: tokens.get(token) };
  const answer = await service.fetch(target, call);
  const type = answer.headers.get("content-type") ?? "";
  if (!type.startsWith("text/event-stream"))
    return {
      status: answer.status,
      headers: answer.headers,
      text: new TextDecoder().decode(await answer.arrayBuffer()),
    };
  // A stream of events ends in its own time.
  await answer.body?.cancel();
  return { status: answer.status, headers: answer.headers, text: undefined };
}

/** What no answer may show, whoever asks. */
function leaksOf(request: FuzzRequest, shown: string): string[] {
  const secrets = [...tokens.values(), env.SIGNING_SECRET, String(env.BOOTSTRAP_SECRET)];
  const leaks = secrets
    .filter((secret) => shown.includes(secret))
    .map(() => `${request.method} shows a secret`);
  if (/\n\s+at \S|node_modules|\.ts:\d+|SQLITE_|D1_ERROR/.test(shown)) leaks.push("shows its insides");
  return leaks;
}

const names = Object.values(committed.paths).flatMap((methods) =>
  Object.values(methods as Record<string, { operationId: string }>).map(({ operationId }) => operationId),
);

describe(`${numRuns} requests each, seed ${seed}`, () => {
  it.each(names)("%s answers what is described", async (name) => {
    const operation = document.operations.find(({ operationId }) => operationId === name)!;
    const seen: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(requestsOf(document, operation, known), async (request) => {
        const answer = await send(request);
        seen[answer.status] = (seen[answer.status] ?? 0) + 1;
        const { pathname } = new URL(`http://x${request.target}`);
        const shown = `${[...answer.headers].join("\n")}\n${answer.text ?? ""}`;
        const faults = [...document.faultsOf(request.method, pathname, answer), ...leaksOf(request, shown)];
        expect(faults, `${answer.status} ${answer.text?.slice(0, 400)}`).toEqual([]);
      }),
      { numRuns, seed },
    );
    await service.settle();
    console.log(name, seen);
  });

  it("prices as before, after all that", async () => {
    expect(await price()).toBe(fair);
  });
});
