// `npm pack` runs this first: assembles dist/package, the product as plain JavaScript, because Node strips no types under node_modules.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import module from "node:module";
import { dirname, join } from "node:path";
import { ensureBuilt, fail, nodePath, root, run } from "./setup.mjs";

const target = join(root, "dist", "package");
const source = (...path) => join(root, ...path);
const made = (...path) => join(target, ...path);

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Relative specifiers of imports, and of the files that workers are started from, name the compiled file. */
function toJavaScript(text) {
  const javaScript = module.stripTypeScriptTypes(text);
  return javaScript.replaceAll(
    /\b(from\s*|import\s*\(\s*|import\s+|new URL\(\s*)"(\.{1,2}\/[^"]*)\.ts"/g,
    (_, before, path) => `${before}"${path}.js"`,
  );
}

/** The typed client is for those who write programs: the command line needs its core only. */
const leftOut = /^sdk\/(index\.ts|generated(\/.*)?)$/;

/** Compiles a folder's TypeScript and copies what else is in it. AssemblyScript stays as it is: its hash names the compiled kernels. */
function compileFolder(folder) {
  for (const name of readdirSync(source(folder), { recursive: true, encoding: "utf8" })) {
    const [from, to] = [source(folder, name), made(folder, name)];
    if (name.endsWith(".d.ts") || name.endsWith("tsconfig.json") || /(^|\/)\./.test(name)) continue;
    if (leftOut.test(`${folder}/${name}`)) continue;
    const isAssembly = name.includes("kernels/assembly/");
    if (name.endsWith(".ts") && !isAssembly)
      write(to.replace(/\.ts$/, ".js"), toJavaScript(readFileSync(from, "utf8")));
    else if (/\.\w+$/.test(name) && !/\.wasm\.\d+/.test(name)) cpSync(from, to, { recursive: true });
  }
}

async function bundleWorker() {
  const { code, output } = await run("wrangler", ["deploy", "--dry-run", "--outdir", made("worker")]);
  if (code !== 0) fail(`the Worker does not bundle:\n${output}`);
  for (const name of readdirSync(made("worker"))) if (name !== "index.js") rmSync(made("worker", name));
  const settings = readFileSync(source("wrangler.toml"), "utf8")
    .replace(/^main = .*$/m, 'main = "worker/index.js"\nno_bundle = true')
    .replace(/^(minify|keep_names) = .*\n/gm, "")
    .replace(/^\[alias\]\n(?:(?!\[).*\n)*/m, "");
  write(made("wrangler.toml"), settings);
}

async function compileKernels() {
  const { code, output } = await run(nodePath(), ["trainer/families/boosting/kernels/build.ts"]);
  if (code !== 0) fail(`the kernels do not compile:\n${output}`);
}

process.removeAllListeners("warning");
if (!module.stripTypeScriptTypes) fail("npm pack needs Node 22.18 or newer");
const { name, version, license } = JSON.parse(readFileSync(source("package.json"), "utf8"));
rmSync(target, { recursive: true, force: true });
await ensureBuilt();
await compileKernels();
await bundleWorker();
for (const folder of ["core", "sdk", "trainer"]) compileFolder(folder);
const { findCodeVersion } = await import("../trainer/cli/code-version.ts");
write(made("code-version.txt"), findCodeVersion());
for (const folder of ["migrations", "data"]) cpSync(source(folder), made(folder), { recursive: true });
cpSync(source("dist", "web"), made("dist", "web"), { recursive: true });
for (const file of ["appraise.mjs", "node.mjs"]) cpSync(source("bin", file), made("bin", file));
const scope = {
  name,
  version,
  license,
  private: true,
  type: "module",
  imports: { "#core/*.ts": "./core/*.js" },
};
write(made("package.json"), `${JSON.stringify(scope, null, 2)}\n`);
// A leftover would be published with the rest.
if (existsSync(made("dist", "web", ".dev.vars"))) fail("dist/web holds .dev.vars");
process.stderr.write(`dist/package: ${version}\n`);
