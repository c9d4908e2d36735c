// `npm start`: from a fresh clone to a price. Installs what is missing, builds the pages, and hands over to `appraise serve` or `appraise up`.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { ensureBuilt, ensureInstalled, root } from "./setup.mjs";

const usage = `usage: npm start [-- FILE --target COLUMN]            (PORT=8787, HOST=127.0.0.1)

Installs what is missing, applies the migrations, serves the API, pages and docs, loads data/diamonds,
trains and publishes unless nothing changed, prints the addresses, and keeps a trainer running for jobs. Ctrl-C stops everything.
With a file and a target it does the same for a table of your own, as \`appraise up\` does.
State lies in .wrangler/ and the admin token in .dev.vars; remove both to begin again.`;

const own = process.argv.slice(2);
if (own.includes("--help") && own.length === 1) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}

// npm ends on SIGTERM without telling its script, which would serve on unseen: being orphaned is the signal then.
const parent = process.ppid;
if (process.env.npm_lifecycle_event) {
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, "SIGTERM");
  }, 500).unref();
}

/** A table of the user's own, options of `appraise serve`, or the example. npm runs this in its own folder: paths are relative to the user's. */
function commandOf([first, ...rest]) {
  if (first === undefined) return ["serve", "--dataset", "diamonds"];
  if (first.startsWith("-")) return ["serve", first, ...rest];
  const path = resolve(process.env.INIT_CWD ?? process.cwd(), first);
  return ["up", existsSync(path) ? path : first, ...rest];
}

process.env.APPRAISE_STARTED_MS = String(Date.now());
await ensureInstalled();
await ensureBuilt();
process.chdir(root);
process.argv.splice(2, process.argv.length, ...commandOf(own));
await import("./appraise.mjs");
