// A Worker's script as wrangler would upload it.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** Builds `entry` (from the repository's root) into `folder`; the path of the script. */
export function buildScript(folder: string, entry: string): string {
  const assets = join(folder, "assets");
  mkdirSync(assets);
  writeFileSync(join(assets, "none.txt"), "");
  const wrangler = join(root, "node_modules/wrangler/bin/wrangler.js");
  const outdir = join(folder, "worker");
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false", WRANGLER_HIDE_BANNER: "true" };
  const args = [wrangler, "deploy", entry, "--dry-run", "--outdir", outdir, "--assets", assets];
  const output = execFileSync(process.execPath, args, { cwd: root, env, encoding: "utf8" });
  console.log(/Total Upload.*/.exec(output)?.[0] ?? "");
  return join(outdir, basename(entry).replace(/\.ts$/, ".js"));
}
