#!/usr/bin/env node
// Starts the command line under a Node that can run it: any Node >= 18 finds the newer one that npm installed.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);
const newest = fileURLToPath(new URL("node_modules/.bin/node", root));
const [major, minor] = process.versions.node.split(".").map(Number);

function fail(line) {
  process.stderr.write(`appraise: ${line}\n`);
  process.exit(1);
}

if (!existsSync(new URL("node_modules/tsx/package.json", root))) {
  fail("the dependencies are missing; run: npm install");
}

if (major < 22 || (major === 22 && minor < 12)) {
  if (process.env.APPRAISE_NODE || !existsSync(newest)) {
    fail(`Node ${process.versions.node} is too old and no newer one is installed; use Node 22.12 or newer`);
  }
  const child = spawn(newest, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: "inherit",
    env: { ...process.env, APPRAISE_NODE: newest },
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
} else {
  const { register } = await import("tsx/esm/api");
  register();
  const { main } = await import(new URL("trainer/cli/index.ts", root).href);
  process.exitCode = await main(process.argv.slice(2));
}
