// What wrangler.toml says twice: a limiter's quota, to the platform that counts and to the Worker that tells.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { times } from "../worker/http/limits.ts";

const configuration = readFileSync(join(import.meta.dirname, "../wrangler.toml"), "utf8");

const variable = (name: string) => new RegExp(`^${name} = "(.*)"$`, "m").exec(configuration)?.[1];

/** "limit/period" of a limiter. */
function limiter(name: string): string | undefined {
  const found = new RegExp(`name = "${name}"\\n.*\\nsimple = \\{ limit = (\\d+), period = (\\d+) \\}`).exec(
    configuration,
  );
  return found ? `${found[1]}/${found[2]}` : undefined;
}

it.each(["CLIENT", "KEY"])("%s: the rate that is told is the one that is counted", (name) => {
  expect(variable(`${name}_RATE`)).toMatch(/^\d+\/(10|60)$/);
  expect(limiter(`${name}_LIMITER`)).toBe(variable(`${name}_RATE`));
});

it("logins are counted in the window that Retry-After names", () => {
  for (const name of ["LOGIN_USER_LIMITER", "LOGIN_CLIENT_LIMITER"])
    expect(limiter(name)).toMatch(new RegExp(`^\\d+/${times.loginWindowSeconds}$`));
});
