// Names that climb out of a folder, speak SQL or weigh ten megabytes, wherever the API takes a name.
import { beforeAll, describe, expect, it } from "vitest";
import {
  boats,
  diamonds,
  importItems,
  makeBundle,
  publish,
  register,
  setUp,
  stone,
} from "../models/bundles.ts";
import { type Call, env, resetStorage, Service } from "../service.ts";

const service = new Service();
const canary = "nobody may read this";
const climbing = [
  "..%2f..%2fsecret%2fkey",
  "..%5c..%5csecret%5ckey",
  "%2e%2e%2f%2e%2e%2fsecret%2fkey",
  "%252e%252e%252fsecret",
  "secret%2fkey",
  "%2fsecret%2fkey",
  "secret%2fkey%00.onnx",
  "....%2f%2fsecret%2fkey",
];
const sql = [
  "' OR '1'='1",
  "x'; DROP TABLE items; --",
  'x" UNION SELECT password_hash FROM users --',
  "1) OR (1=1",
  "%' --",
  "x' AND randomblob(1000000000) --",
];

const ask = (path: string, call: Call = {}) => service.fetch(path, { token: "admin", ...call });

/** Every object and the number of rows of every table: whatever fails must leave them as they are. */
async function readStorage(): Promise<unknown> {
  const { objects } = await env.BUCKET.list();
  const tables = await env.DB.prepare(
    "select name from sqlite_master where type = 'table' and name not like '\\_%' escape '\\' order by name",
  ).all<{ name: string }>();
  const counts = tables.results.map(async ({ name }) => {
    const row = await env.DB.prepare(`select count(*) as n from "${name}"`).first<{ n: number }>();
    return `${name} ${row?.n}`;
  });
  return [objects.map(({ key, etag }) => `${key} ${etag}`), await Promise.all(counts)];
}

async function refusal(path: string, call: Call, statuses: readonly number[]): Promise<void> {
  const answer = await ask(path, call);
  const text = await answer.text();
  expect(statuses, `${path.slice(0, 100)} ${answer.status} ${text.slice(0, 300)}`).toContain(answer.status);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(text).not.toContain(canary);
  expect(text).not.toMatch(/SQLITE|D1_ERROR|syntax error|no such table/i);
  expect(text.length).toBeLessThan(4000);
}

beforeAll(async () => {
  await resetStorage();
  await setUp(service, diamonds);
  await register(service, boats);
  await importItems(service, diamonds, [{ id: "i1", ...stone, price: 4000 }]);
  for (const key of ["secret/key", "key", "models/secret/key", "files/secret/key"])
    await env.BUCKET.put(key, canary);
});

describe("a name that climbs", () => {
  it.each(climbing)(
    "%s reaches nothing: not as a model, a file, an item, an alias, a job or a user",
    async (name) => {
      const before = await readStorage();
      const paths = [
        `/v1/diamonds/models/${name}`,
        `/v1/diamonds/models/${name}/model.onnx`,
        `/v1/diamonds/models/${name}/card`,
        `/v1/diamonds/models/${name}/explain.json`,
        `/v1/${name}/models`,
        `/v1/diamonds/aliases/${name}`,
        `/v1/diamonds/items/${name}`,
        `/v1/files/${name}`,
        `/v1/jobs/${name}`,
        `/v1/requests/${name}`,
        `/v1/users/${name}`,
        `/v2/models/diamonds/versions/${name}`,
      ];
      for (const path of paths) await refusal(path, {}, [404, 422]);
      const json = { ...stone };
      await refusal(`/v1/diamonds/predict?model=${name}`, { json }, [404]);
      const writes: [string, Call][] = [
        [
          `/v1/diamonds/snapshots/${name}`,
          { method: "PUT", body: "x", headers: { "content-type": "application/gzip" } },
        ],
        [
          `/v1/files/${name}`,
          { method: "PUT", body: "a\n", headers: { "content-type": "text/csv", "content-length": "2" } },
        ],
        [`/v1/datasets/${name}`, { method: "PUT", json: boats }],
        [
          `/v1/diamonds/aliases/${name}`,
          { method: "PUT", json: { model: "x", reason: "y" }, headers: { "if-none-match": "*" } },
        ],
      ];
      for (const [path, call] of writes) await refusal(path, call, [400, 404, 422]);
      expect(await readStorage()).toEqual(before);
    },
  );

  it.each(climbing.map(decodeURIComponent))(
    "%j is the id of no bundle and the result of no batch",
    async (name) => {
      const before = await readStorage();
      const bundle = await makeBundle(diamonds, {
        slope: 5,
        change: (manifest) => ({ ...manifest, id: name }),
      });
      expect((await publish(service, diamonds, bundle)).status).toBe(422);
      const json = { source: "in.csv", result: name };
      await refusal("/v1/diamonds/predict/jobs", { json }, [422]);
      expect(await readStorage()).toEqual(before);
    },
  );
});

describe("a name that speaks SQL", () => {
  const places = [
    "/v1/requests?dataset=",
    "/v1/requests?cursor=",
    "/v1/jobs?dataset=",
    "/v1/jobs?cursor=",
    "/v1/diamonds/items?filter=cut:eq:",
    "/v1/diamonds/items?filter=",
    "/v1/diamonds/items?sort=",
    "/v1/diamonds/items?cursor=",
    "/v1/diamonds/items/export?filter=",
    "/v1/diamonds/models?cursor=",
    "/v1/diamonds/models?at=",
    "/v1/diamonds/compare?b=champion&a=",
    "/v1/diamonds/shadow?challenger=",
    "/v1/diamonds/aliases?cursor=",
    "/v1/diamonds/items/",
    "/v1/diamonds/models/",
    "/v1/users/",
    "/v1/keys?cursor=",
  ];

  it.each(sql)("%s finds nothing, changes nothing and breaks nothing", async (text) => {
    const before = await readStorage();
    for (const place of places) {
      const answer = await ask(place + encodeURIComponent(text));
      const found = await answer.text();
      const where = `${place} ${answer.status} ${found.slice(0, 300)}`;
      expect([200, 400, 404, 422], where).toContain(answer.status);
      expect(found, where).not.toMatch(/SQLITE|D1_ERROR|password_hash"|"i1"/);
      if (answer.status === 200) expect(JSON.parse(found), where).toMatchObject({ items: [] });
    }
    expect(await readStorage()).toEqual(before);
  });
});

describe("a name of ten megabytes", () => {
  const name = "x".repeat(10_000_000);

  it("is refused in every body that takes one", async () => {
    const before = await readStorage();
    const bodies: [string, Call][] = [
      ["/v1/datasets/boats", { method: "PUT", json: { ...boats, title: name } }],
      ["/v1/diamonds/predict", { json: { ...stone, cut: name } }],
      ["/v1/diamonds/predict", { json: { ...stone, [name]: 1 } }],
      ["/v1/diamonds/similar", { json: { ...stone, cut: name } }],
      ["/v1/diamonds/sweep", { json: { row: stone, vary: [{ feature: name }] } }],
      ["/v1/diamonds/train", { json: { families: [name] } }],
      ["/v1/diamonds/predict/jobs", { json: { source: name, result: "out.csv" } }],
      ["/v1/jobs/claim", { json: { worker: name } }],
      ["/v1/users", { json: { name, password: "correct horse battery", scopes: ["predict"] } }],
      ["/v1/keys", { json: { name, scopes: ["predict"] } }],
      [
        "/v1/diamonds/aliases/spare",
        { method: "PUT", json: { model: name, reason: "y" }, headers: { "if-none-match": "*" } },
      ],
      [
        "/v2/models/diamonds/infer",
        { json: { inputs: [{ name, datatype: "FP32", shape: [1], data: [1] }] } },
      ],
    ];
    for (const [path, call] of bodies) await refusal(path, call, [413, 422]);
    expect(await readStorage()).toEqual(before);
  });

  it("fails alone in a batch, and an import takes no line of it", async () => {
    const text = `${JSON.stringify(stone)}\n${JSON.stringify({ ...stone, cut: name.slice(0, 1_000_000) })}\n`;
    const headers = { "content-type": "application/x-ndjson" };
    await refusal("/v1/diamonds/predict/batch", { body: text, headers }, [413, 422]);
    await refusal("/v1/diamonds/items/import?mode=all-or-nothing", { body: text, headers }, [413, 422]);
    expect((await ask("/v1/diamonds/items")).status).toBe(200);
  });
});
