// The compiled kernels: read where they are built, built on first use where they are not, done without where they cannot be.
// They lie under the hash of their sources, so that an old build is never taken for the present one.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";
import { type CompiledModule, compile } from "./webassembly.ts";

const assemblyFolder = fileURLToPath(new URL("./assembly/", import.meta.url));
const generatedFolder = fileURLToPath(new URL("./generated/", import.meta.url));

/** Compiler options; the memory is imported, so that threads share it. */
const options = [
  "--optimizeLevel=3",
  "--noAssert",
  "--runtime=stub",
  "--importMemory",
  "--sharedMemory",
  "--maximumMemory=65536",
  "--enable=threads,simd",
];

/** Path of the module that the present sources compile to. */
function modulePath(): string {
  const hash = createHash("sha256").update(options.join(" "));
  for (const name of readdirSync(assemblyFolder).sort()) {
    if (name.endsWith(".ts")) hash.update(readFileSync(`${assemblyFolder}${name}`));
  }
  return `${generatedFolder}kernels-${hash.digest("hex").slice(0, 16)}.wasm`;
}

/** Compiles the kernels unless they are; returns the module's path. Throws Error with the compiler's words where it fails. */
export function buildModule(): string {
  const path = modulePath();
  if (existsSync(path)) return path;
  const compiler = createRequire(import.meta.url).resolve("assemblyscript/bin/asc.js");
  mkdirSync(generatedFolder, { recursive: true });
  for (const old of readdirSync(generatedFolder)) {
    if (old.endsWith(".wasm")) rmSync(`${generatedFolder}${old}`, { force: true });
  }
  // Renamed into place: another process must never read half of it.
  const partial = `${path}.${process.pid}`;
  const { status, stderr } = spawnSync(
    process.execPath,
    [compiler, "index.ts", `--outFile=${partial}`, ...options],
    { cwd: assemblyFolder, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`the kernels do not compile: ${stderr}`);
  renameSync(partial, path);
  return path;
}

let found: CompiledModule | undefined;
let isSought = false;

/** The module of the present sources, undefined where there is no compiler or no folder to write to; sought once a process. */
export function findModule(): CompiledModule | undefined {
  if (isSought) return found;
  isSought = true;
  try {
    found = compile(readFileSync(buildModule()));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // Once a process: every worker thread would say it again.
    if (isMainThread)
      process.emitWarning(
        `boosted trees are fitted without compiled kernels, to the same bits but slower: ${reason}`,
      );
  }
  return found;
}
