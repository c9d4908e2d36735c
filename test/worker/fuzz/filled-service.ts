// A server with one of everything, for the fuzzer to find: datasets, models, items, a job, a file, users and keys.
import { expect } from "vitest";
import { issueToken } from "../../../worker/identity/access-tokens.ts";
import { fileCalls } from "../batches/file-calls.ts";
import { page, report } from "../datasets/small-report.ts";
import { logIn, makeKey, makeUser, password } from "../identity/people.ts";
import {
  boats,
  diamonds,
  importItems,
  makeBundle,
  point,
  publish,
  register,
  setUp,
  stone,
} from "../models/bundles.ts";
import { env, resetStorage, type Service } from "../service.ts";
import type { Known } from "./api-requests.ts";

const base64url = (value: object) => btoa(JSON.stringify(value)).replaceAll("=", "").replaceAll("+", "-");

async function partsOf(form: FormData): Promise<Known["parts"]> {
  const files = [...form.entries()].map(async ([name, file]) => {
    return [name, new Uint8Array(await (file as unknown as Blob).arrayBuffer())] as const;
  });
  return Object.fromEntries(await Promise.all(files));
}

async function gzipped(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Tokens by name: the admin's first, then a good one of each kind and some that are none. */
async function makeTokens(service: Service): Promise<ReadonlyMap<string, string>> {
  const now = Date.now();
  const seconds = Math.floor(now / 1000);
  const claims = { sub: "admin", aud: "appraise", scope: "admin", iat: seconds, exp: seconds + 600 };
  return new Map([
    ["admin", env.ADMIN_TOKEN],
    ["key", (await makeKey(service, { scopes: ["predict"] })).key],
    ["user", (await logIn(service, "ada")).access_token],
    ["wrong", `x${env.ADMIN_TOKEN.slice(1)}`],
    ["without signature", `${base64url({ alg: "none", typ: "JWT" })}.${base64url(claims)}.`],
    ["long ago", await issueToken(env, { subject: "ada", scopes: ["admin"] }, now - 86_400_000)],
  ]);
}

/** Fills empty storage; resolves with what a sender may know of it, and the tokens by name. */
export async function fill(service: Service) {
  await resetStorage();
  const post = async <T>(path: string, json: unknown): Promise<T> => {
    const answer = await service.fetch(path, { token: "admin", json });
    expect(answer.ok, `${path} ${answer.status}`).toBe(true);
    return answer.json<T>();
  };
  const champion = await setUp(service, diamonds, { heldOut: { errors: [1, -2, 3, -4] } });
  const challenger = await makeBundle(diamonds, { slope: 3900, heldOut: { errors: [2, -1, 4, -3] } });
  await publish(service, diamonds, challenger);
  for (const alias of ["challenger", "spare"]) await point(service, diamonds, challenger.manifest.id, alias);
  await point(service, diamonds, challenger.manifest.id, "moved");
  const back = { model: champion.manifest.id, reason: "second" };
  const move = { method: "PUT", token: "admin", headers: { "if-match": "*" }, json: back };
  expect((await service.fetch("/v1/diamonds/aliases/moved", move)).status).toBe(200);
  await register(service, boats);
  const dataReport = { report, page };
  const kept = { method: "PUT", token: "admin", json: dataReport };
  expect((await service.fetch("/v1/diamonds/report", kept)).ok).toBe(true);
  await importItems(
    service,
    diamonds,
    ["i1", "a b", "i3"].map((id, index) => ({ id, ...stone, price: 4000 + index })),
  );
  await fileCalls(() => service).put("stones.csv", "carat,cut,color,clarity\n1,Ideal,G,VS1\n");
  for (const name of ["ada", "bob"]) await makeUser(service, name, ["items:read", "items:write"]);
  const spareKey = await makeKey(service, { scopes: ["predict"] });
  const over = await post<{ id: string }>("/v1/diamonds/train", { families: ["linear"] });
  await post(`/v1/jobs/${over.id}/cancel`, null);
  await post("/v1/diamonds/train", { families: ["linear"] });
  const running = await post<{ id: string; lease: string }>("/v1/jobs/claim", {
    worker: "w",
    leaseSeconds: 600,
  });
  const { id: request } = await post<{ id: string }>("/v1/diamonds/predict", stone);
  const tokens = await makeTokens(service);

  const models = [champion.manifest.id, challenger.manifest.id];
  const idsByPath: readonly (readonly [string, readonly string[]])[] = [
    ["/v1/{dataset}/items", ["i1", "a b", "i3"]],
    ["/v1/{dataset}/models", models],
    ["/v1/{dataset}/aliases/{alias}/rollback", ["moved"]],
    ["/v1/{dataset}/aliases", ["spare"]],
    ["/v1/{dataset}/snapshots", ["0".repeat(64)]],
    ["/v2/models", [...models, "champion"]],
    ["/v1/jobs/{id}/cancel", [over.id]],
    ["/v1/jobs", [running.id, over.id]],
    ["/v1/requests", [request]],
    ["/v1/keys", [spareKey.id]],
    ["/v1/users", ["bob"]],
    ["/v1/files", ["stones.csv"]],
  ];
  const levels = ["Ideal", "G", "VS1"];
  const tensors = ["cut", "color", "clarity"].map((name, index) => {
    return { name, datatype: "BYTES", shape: [1], data: [levels[index]] };
  });
  const infer = { inputs: [{ name: "carat", datatype: "FP32", shape: [1], data: [1] }, ...tensors] };
  const { lease } = running;
  const known: Known = {
    ids: (path) => idsByPath.find(([start]) => path.startsWith(start))?.[1] ?? ["x"],
    samples: {
      dataset: ["diamonds", "diamonds", "diamonds", "boats"],
      model: [...models, "champion", "spare"],
      reason: ["no longer needed"],
      champion: models,
      challenger: models,
      a: models,
      b: [...models, "champion"],
      at: [new Date(Date.now() - 1).toISOString()],
      filter: ["cut:eq:Ideal", "carat:gte:0.5", "price:lt:9000"],
      sort: ["-price", "carat", "id"],
      feature: diamonds.features.map(({ name }) => name),
      username: ["ada"],
    },
    bodies: {
      putDataReport: [dataReport],
      predict: [stone],
      explain: [stone],
      findSimilar: [stone],
      predictBatch: [{ rows: [stone, { carat: 2 }] }],
      sweep: [{ row: stone, vary: [{ feature: "carat", steps: 3 }] }],
      infer: [infer],
      inferVersion: [infer],
      createItem: [{ features: stone, target: 4000 }, { features: stone }],
      putItem: [{ features: stone, target: 4000 }],
      patchItem: [{ target: 4100 }, { features: { carat: 1.5 } }],
      putDataset: [boats],
      putAlias: models.map((model) => ({ model, reason: "a better one", gate: null })),
      rollbackAlias: [{ reason: "it was worse" }],
      trainModels: [{}, { families: ["linear"], models: 1 }],
      predictFile: [{ source: "stones.csv", result: "priced.csv" }],
      postOutcome: [{ target: 4200 }],
      claimJob: [{ worker: "w" }],
      extendLease: [{ lease }],
      releaseJob: [{ lease }],
      reportJob: [{ lease, lines: ["one"], progress: { label: "fits", done: 1, total: 2 } }],
      issueToken: [
        { grant_type: "password", username: "ada", password },
        { grant_type: "client_credentials", client_id: "admin", client_secret: env.ADMIN_TOKEN },
      ],
      revokeToken: [{ token: "x" }],
      createUser: [{ name: "eve", password, scopes: ["predict"] }],
      changeUser: [{ scopes: ["predict"] }],
      putPassword: [{ password }],
      createKey: [{ name: "a key", scopes: ["predict"] }],
    },
    tokens: [...tokens.keys()],
    parts: await partsOf((await makeBundle(diamonds, { slope: 4100 })).form()),
    texts: {
      "text/csv": "id,carat,cut,color,clarity,price\nc1,1,Ideal,G,VS1,4000\n",
      "application/x-ndjson": JSON.stringify({ id: "n1", ...stone, price: 4000 }),
    },
    gzip: await gzipped("a,b\n1,2\n"),
  };
  return { known, tokens };
}
