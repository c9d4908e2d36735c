// What `npm run sdk` wrote: the types were made from the document beside them, and by nobody's hand since.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const folder = join(import.meta.dirname, "../../sdk/generated");
const read = (name: string) => readFileSync(join(folder, name), "utf8");

it("the types name the document that they were made from; otherwise run `npm run sdk`", () => {
  const hash = createHash("sha256").update(read("openapi.json")).digest("hex");
  expect(read("api.ts").split("\n")[0]).toContain(`SHA-256 ${hash}`);
});

it("the types have every operation of the document", () => {
  const { paths } = JSON.parse(read("openapi.json")) as {
    paths: Record<string, Record<string, { operationId: string }>>;
  };
  const wanted = Object.values(paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  );
  const types = read("api.ts");
  const [, operations] = types.split("export interface operations {");
  const found = [...operations.matchAll(/^ {4}(\w+): \{$/gm)].map(([, name]) => name);
  expect(found.sort()).toEqual(wanted.sort());
});
