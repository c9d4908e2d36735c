// `npm run sdk`: asks the Worker's own code for its OpenAPI document and writes it, with the types made from it, into sdk/generated.
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApp } from "../worker/app.ts";
import { Isolate } from "../worker/serving/isolate.ts";
import { environment, fail, root, run } from "./setup.mjs";

/** Where `npm start` serves; a client names its own. */
const server = "http://127.0.0.1:8787";
// openapi-typescript builds on the compiler's programming interface of TypeScript 5, which the TypeScript of this repository no longer has.
const packages = ["openapi-typescript@7.13.0", "typescript@5.9.3"];
const options = ["--empty-objects-unknown", "--default-non-nullable", "false", "--alphabetize"];

/** A database without a row: the description then names no dataset, and a row is any object. */
const emptyStatement = {
  bind: () => emptyStatement,
  raw: async () => [],
  all: async () => ({ results: [] }),
};
const env = { DB: { prepare: () => emptyStatement }, REQUEST_LOG: { sendBatch: async () => undefined } };
const context = { waitUntil: () => undefined, passThroughOnException: () => undefined, props: {} };

const answer = await createApp(new Isolate()).fetch(new Request(`${server}/openapi.json`), env, context);
if (!answer.ok) fail(`GET /openapi.json answers ${answer.status}: ${await answer.text()}`);
const text = `${JSON.stringify(await answer.json(), null, 1)}\n`;

const folder = mkdtempSync(join(tmpdir(), "appraise-sdk-"));
const [source, made] = [join(folder, "openapi.json"), join(folder, "api.ts")];
writeFileSync(source, text);
const wanted = packages.flatMap((name) => ["--package", name]);
const generator = [
  "exec",
  "--yes",
  ...wanted,
  "--",
  "openapi-typescript",
  source,
  "--output",
  made,
  ...options,
];
// The repository's own TypeScript must not stand before the one that the generator wants.
const { code, output } = await run("npm", ["--prefix", folder, ...generator], { env: environment() });
if (code !== 0) fail(`${packages[0]} failed (exit ${code}):\n${output}`);

mkdirSync(join(root, "sdk", "generated"), { recursive: true });
writeFileSync(join(root, "sdk", "generated", "openapi.json"), text);
const hash = createHash("sha256").update(text).digest("hex");
const head = `// The API's paths and schemas as types. Made by \`npm run sdk\` with ${packages[0]} from openapi.json, SHA-256 ${hash}.\n`;
writeFileSync(join(root, "sdk", "generated", "api.ts"), head + readFileSync(made, "utf8"));
rmSync(folder, { recursive: true });
process.stdout.write(
  `sdk/generated: ${Object.keys(JSON.parse(text).paths).length} paths, ${hash.slice(0, 12)}\n`,
);
