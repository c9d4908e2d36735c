// The pages as they are deployed: built before the tests that load them, unless they are fresh.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

export const root = join(import.meta.dirname, "..", "..");
export const pagesFolder = join(root, "dist", "web");

/** Runs the set-up's own build step, so that `npm test` and a single test agree on what is stale. */
export async function ensurePagesBuilt(): Promise<void> {
  const script = `import { ensureBuilt } from "./bin/setup.mjs"; await ensureBuilt();`;
  await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], { cwd: root });
}
