// The examples of the API, as they lie there, against the real Worker with a model trained on the diamonds: all say the same.
import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startServer, type TestServer } from "../browser/server.ts";

const root = join(import.meta.dirname, "../..");
const folder = join(root, "examples/api");

let server: TestServer;
let token: string;
let price: { prediction: number; unit: string; interval: { low: number; high: number } };

const has = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;
const hasCurl = has("curl", "--version") && has("sh", "-c", "true");
const hasRequests = has("python3", "-c", "import requests");

async function call<T>(path: string, json?: object, as = token): Promise<T> {
  const answer = await fetch(server.origin + path, {
    method: json ? "POST" : "GET",
    headers: { authorization: `Bearer ${as}`, "content-type": "application/json" },
    body: json && JSON.stringify(json),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

beforeAll(async () => {
  server = await startServer();
  await server.appraise("train", "--dataset", "diamonds", "--publish", server.origin, "--family", "linear");
  // With the scopes that the examples say they need, and no others.
  const key = { name: "examples", scopes: ["items:read", "items:write", "predict"] };
  token = (await call<{ key: string }>("/v1/keys", key, server.token)).key;
  const stone = { carat: 1.01, cut: "Ideal", color: "G", clarity: "VS1" };
  price = await call("/v1/diamonds/predict?coverage=0.8", stone);
});
afterAll(() => server?.stop());

/** What an example prints, line by line. */
async function run(command: string, ...args: string[]): Promise<string[]> {
  const env = { ...process.env, APPRAISE_URL: server.origin, APPRAISE_TOKEN: token };
  const { stdout } = await promisify(execFile)(command, args, { cwd: root, env });
  return stdout.trim().split("\n");
}

/** Made, changed and deleted, by the item's own history. */
async function expectItemCameAndWent(id: string): Promise<void> {
  const { items } = await call<{ items: { action: string; actor: string }[] }>(
    `/v1/diamonds/items/${id}/history`,
  );
  expect(items.map(({ action }) => action)).toEqual(["delete", "patch", "create"]);
  expect(new Set(items.map(({ actor }) => actor)).size).toBe(1);
  expect(items[0].actor).toMatch(/^apk_/);
}

const told = /^422 \/cut expected one of Fair, Good, Very Good, Premium, Ideal; got "Perfect"$/;
const priceLine = () => [price.prediction, price.unit, price.interval.low, price.interval.high].join(" ");

describe("the examples", () => {
  it("prices.ts", async () => {
    const lines = await run(process.execPath, join(folder, "prices.ts"));
    expect(lines).toEqual([priceLine(), expect.stringMatching(told), "from-typescript 7100"]);
    await expectItemCameAndWent("from-typescript");
  });

  it.skipIf(!hasRequests)("prices.py (left out where python3 or its requests is missing)", async () => {
    const lines = await run("python3", join(folder, "prices.py"));
    expect(lines[0].split(" ").map((word) => (word === price.unit ? word : Number(word)))).toEqual([
      ...[price.prediction, price.unit, price.interval.low, price.interval.high],
    ]);
    expect(lines.slice(1)).toEqual([expect.stringMatching(told), "from-python 7100"]);
    await expectItemCameAndWent("from-python");
  });

  it.skipIf(!hasCurl)("prices.sh (left out where curl or sh is missing)", async () => {
    const [priced, refused, made, changed] = (await run("sh", join(folder, "prices.sh"))).map((line) =>
      JSON.parse(line),
    );
    expect(priced).toMatchObject({ prediction: price.prediction, interval: price.interval });
    expect(refused).toMatchObject({ status: 422, errors: [{ pointer: "/cut" }] });
    expect([made.target, changed.target]).toEqual([7000, 7100]);
    await expectItemCameAndWent("from-curl");
  });

  it("stand in docs/sdk.md as they are", () => {
    const page = readFileSync(join(root, "docs/sdk.md"), "utf8");
    for (const name of ["prices.ts", "prices.py", "prices.sh"])
      expect(page, name).toContain(readFileSync(join(folder, name), "utf8").trim());
  });
});
