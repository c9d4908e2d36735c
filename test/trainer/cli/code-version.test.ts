// The version of the code: the same before and after anything is compiled.
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findCodeVersion } from "../../../trainer/cli/code-version.ts";
import { buildModule } from "../../../trainer/families/boosting/kernels/module.ts";

it("does not change when kernels are compiled on first use", () => {
  const compiled = buildModule();
  const withKernels = findCodeVersion();
  const beside = `${compiled}.test.wasm`;
  writeFileSync(beside, "other bytes");
  try {
    expect(findCodeVersion()).toBe(withKernels);
  } finally {
    rmSync(beside);
  }
  expect(readdirSync(join(compiled, "..")).some((name) => name.endsWith(".wasm"))).toBe(true);
});
