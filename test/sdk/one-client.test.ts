// There is one way to call the API: nobody but the SDK lets a request in or reads what a refusal says.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.includes("generated"))
    .map((name) => join(folder, name));
}

/** Files among `folders` whose text has `pattern`. */
function holders(pattern: RegExp, ...folders: string[]): string[] {
  return folders.flatMap(sources).filter((file) => pattern.test(readFileSync(join(root, file), "utf8")));
}

it("only the SDK builds an Authorization header", () => {
  expect(holders(/\bBearer \$\{/, "sdk", "trainer", "web", "examples")).toEqual(["sdk/send-once.ts"]);
});

it("only the SDK knows problem documents and when to try again", () => {
  const words = /application\/problem\+json|retry-after|\.status === (401|429|503)\b.*await/;
  const found = holders(words, "sdk", "trainer", "web", "examples");
  expect(found.length).toBeGreaterThan(0);
  expect(found.filter((file) => !file.startsWith("sdk/"))).toEqual([]);
});
