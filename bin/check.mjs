// `npm run check`: format, lint, types by runtime, layers, unused code, duplicate code and sizes, each with its verdict.
import { ensureInstalled, nodePath, run } from "./setup.mjs";

const projects = ["core", "sdk", "trainer", "worker", "web", "test", "test/worker", "bench", "examples/api"];
const steps = [
  ["format and lint", "biome", ["check", "--error-on-warnings", "."]],
  ...projects.map((project) => [`types: ${project}`, "tsc", ["-p", project]]),
  ["layers", "vitest", ["run", "--project", "node", "test/layers.test.ts"]],
  ["unused code", "knip", []],
  ["duplicate code", "jscpd", ["."]],
  // What the widget weighs is news, not only when it weighs too much.
  ["widget size", nodePath(), ["bin/widget-sizes.mjs"], { show: true }],
  ["Worker size", nodePath(), ["bin/worker-size.mjs"], { show: true }],
];

await ensureInstalled();
let failed = 0;
for (const [title, command, args, { show = false } = {}] of steps) {
  const start = Date.now();
  const { code, output } = await run(command, args);
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  process.stdout.write(`${code === 0 ? "ok    " : "FAILED"} ${title} (${seconds} s)\n`);
  if (code !== 0) failed++;
  if (code !== 0 || show) process.stdout.write(`${output.trimEnd()}\n`);
}
process.exit(failed === 0 ? 0 : 1);
