// What a fresh clone needs before anything else runs: a Node that works and the packages of the lock file. Plain JavaScript, no dependency.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

export const root = resolve(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "..");
const binaries = join(root, "node_modules", ".bin");

/** The Node that everything after the set-up runs on: the one among the packages where there is one, else this one. */
export function nodePath() {
  const carried = join(binaries, "node");
  return existsSync(carried) ? carried : process.execPath;
}

/** The environment of every child: our binaries first, wrangler quiet and offline. */
export function environment() {
  return {
    ...process.env,
    PATH: `${binaries}${delimiter}${process.env.PATH ?? ""}`,
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_HIDE_BANNER: "true",
  };
}

/** Ends the process with one clear line a person can act on. */
export function fail(line, code = 1) {
  process.stderr.write(`appraise: ${line}\n`);
  process.exit(code);
}

/** Runs a command to its end; resolves with its exit code and, unless `show`, all that it printed. */
export function run(command, args, { show = false, env = environment() } = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: root,
      env,
      stdio: show ? "inherit" : ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout?.on("data", (chunk) => (output += chunk));
    child.stderr?.on("data", (chunk) => (output += chunk));
    child.on("error", (error) => done({ code: 127, output: `${output}${error.message}` }));
    child.on("close", (code, signal) => done({ code: signal ? 1 : (code ?? 1), output }));
  });
}

/** Runs a named step; what it printed is shown only when it fails, and then the process ends. */
export async function step(title, command, args, options) {
  const start = Date.now();
  process.stderr.write(`${title} …`);
  const { code, output } = await run(command, args, options);
  process.stderr.write(code === 0 ? ` ${((Date.now() - start) / 1000).toFixed(1)} s\n` : " failed\n");
  if (code === 0) return;
  process.stderr.write(`${output.trimEnd().split("\n").slice(-40).join("\n")}\n`);
  fail(`${title} failed (exit ${code})`);
}

/** SHA-256 over the names and contents of files and folders, to tell whether a derived thing is stale. */
export function fingerprint(paths) {
  const hash = createHash("sha256");
  const add = (path) => {
    if (!existsSync(path)) return;
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort()) add(join(path, name));
    } else {
      hash.update(path.slice(root.length)).update(readFileSync(path));
    }
  };
  for (const path of paths) add(join(root, path));
  return hash.digest("hex");
}

/** Runs `work` unless `marker` already holds the fingerprint of `paths`; writes the marker only after it succeeded. */
export async function unlessFresh(marker, paths, work) {
  const path = join(root, marker);
  const wanted = fingerprint(paths);
  if (existsSync(path) && readFileSync(path, "utf8") === wanted) return false;
  await work();
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, wanted);
  return true;
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const carried = process.platform === "linux" && (process.arch === "x64" || process.arch === "arm64");
  const newEnough = major > 22 || (major === 22 && minor >= 18);
  if (newEnough || (carried && major >= 18)) return;
  const wanted = carried ? "Node 18 or newer" : "Node 22.18 or newer on this platform";
  fail(`this is Node ${process.versions.node}; Appraise needs ${wanted} (https://nodejs.org)`);
}

const networkFault = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET|network/i;

/** Installs the lock file's packages where they are missing or the lock file has changed. */
export async function ensureInstalled() {
  checkNode();
  await unlessFresh("node_modules/.appraise-lock", ["package-lock.json"], async () => {
    process.stderr.write("Installing packages (once, under a minute) …");
    const npm = process.platform === "win32" ? "npm.cmd" : "npm";
    const { code, output } = await run(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
      env: process.env,
    });
    process.stderr.write(code === 0 ? " done\n" : " failed\n");
    if (code === 0) return;
    if (networkFault.test(output)) {
      fail(
        "the npm registry cannot be reached; the first start needs it once. Check the network or proxy and try again.",
      );
    }
    process.stderr.write(`${output.trimEnd().split("\n").slice(-20).join("\n")}\n`);
    fail(`npm ci failed (exit ${code})`);
  });
}

/** Builds what is derived from sources: the pages and the widget. Does nothing where they are fresh. */
export async function ensureBuilt() {
  await unlessFresh("dist/.web-fingerprint", ["web", "core", "package-lock.json"], () =>
    step("Building the pages", nodePath(), [
      join("node_modules", "vite", "bin", "vite.js"),
      "build",
      "--config",
      "web/vite.config.ts",
    ]),
  );
}
