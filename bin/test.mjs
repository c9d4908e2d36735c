// `npm test`: sets up a fresh clone and runs every test: Node, workerd and a real Chromium. Arguments go to vitest.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { ensureBuilt, ensureInstalled, fail, nodePath, root, run } from "./setup.mjs";

await ensureInstalled();
await ensureBuilt();

const report = join(root, "dist", "test-report.json");
mkdirSync(join(root, "dist"), { recursive: true });
rmSync(report, { force: true });
const vitest = join("node_modules", "vitest", "vitest.mjs");
const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
const { code } = await run(nodePath(), [vitest, "run", ...reporters, ...process.argv.slice(2)], {
  show: true,
});
if (!existsSync(report)) fail(`vitest ended without a report (exit ${code})`);
const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(
  readFileSync(report, "utf8"),
);
process.stdout.write("slowest files, seconds of their tests:\n");
const spent = ({ startTime, endTime }) => endTime - startTime;
for (const file of [...testResults].sort((a, b) => spent(b) - spent(a)).slice(0, 10)) {
  const seconds = (spent(file) / 1000).toFixed(1).padStart(7);
  process.stdout.write(`${seconds}  ${relative(root, file.name)}\n`);
}
process.stdout.write(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped\n`);
process.exit(code === 0 && numPassedTests === 0 ? 1 : code);
