// `npm run check`: format, lint, types by runtime, layers, unused code and duplicate code, each with its verdict.
import { join } from "node:path";
import { ensureInstalled, nodePath, run } from "./setup.mjs";

const tool = (name, ...path) => join("node_modules", name, ...path);
const projects = ["core", "trainer", "worker", "web", "test", "test/worker"];
const steps = [
  ["format and lint", [tool("@biomejs", "biome", "bin", "biome"), "check", "--error-on-warnings", "."]],
  ...projects.map((project) => [`types: ${project}`, [tool("typescript", "bin", "tsc"), "-p", project]]),
  ["layers", [tool("vitest", "vitest.mjs"), "run", "--project", "node", "test/layers.test.ts"]],
  ["unused code", [tool("knip", "bin", "knip.js")]],
  ["duplicate code", [tool("jscpd", "run-jscpd.js"), "."]],
];

await ensureInstalled();
let failed = 0;
for (const [title, args] of steps) {
  const start = Date.now();
  const { code, output } = await run(nodePath(), args);
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  process.stdout.write(`${code === 0 ? "ok    " : "FAILED"} ${title} (${seconds} s)\n`);
  if (code === 0) continue;
  failed++;
  process.stdout.write(`${output.trimEnd()}\n`);
}
process.exit(failed === 0 ? 0 : 1);
