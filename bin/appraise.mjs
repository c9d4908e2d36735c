#!/usr/bin/env node
// Starts the command line in this process where this Node can run it, else under the newer Node that npm installed.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { fileURLToPath } from "node:url";
import { findCarriedNode, runsSources } from "./node.mjs";

const root = new URL("../", import.meta.url);

/** The sources in a clone; plain JavaScript in the installed package, where Node strips no types. */
const entry = ["trainer/cli/index.ts", "trainer/cli/index.js", "dist/package/trainer/cli/index.js"]
  .map((path) => new URL(path, root))
  .find((url) => existsSync(url));

function fail(line) {
  process.stderr.write(`appraise: ${line}\n`);
  process.exit(1);
}

/** Node 22 and early versions of 24 call type stripping experimental: that is nothing to tell at every command. */
function silenceStripping() {
  const { emitWarning } = process;
  process.emitWarning = (warning, ...rest) => {
    if (!String(warning).startsWith("Type Stripping")) emitWarning.call(process, warning, ...rest);
  };
}

function runUnder(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: "inherit",
    env: { ...process.env, APPRAISE_NODE: node },
  });
  // A signal sent to this process alone must reach the one that works.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => fail(error.message));
  child.on("exit", (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else process.exitCode = code ?? 1;
  });
}

try {
  import.meta.resolve("commander");
} catch {
  fail("the dependencies are missing; run: npm install");
}

if (runsSources) {
  silenceStripping();
  // Compiled code and stripped types are kept, which halves the start. Where the folder cannot be written, nothing is.
  module.enableCompileCache(fileURLToPath(new URL("node_modules/.cache/appraise-code", root)));
  const { main } = await import(entry.href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  const carried = process.env.APPRAISE_NODE ? undefined : findCarriedNode();
  if (carried) runUnder(carried);
  else
    fail(`Node ${process.versions.node} is too old and no newer one is installed; use Node 22.18 or newer`);
}
