// The widget's weight on the wire: gzipped bytes by file, and a gate on what a page loads before anyone has touched anything. --json: the same for programs.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { ensureBuilt, root } from "./setup.mjs";

const limitBytes = 30 * 1024;
const folder = join(root, "dist", "web");

function sizes(file) {
  const content = readFileSync(join(folder, file));
  return { file, bytes: content.length, gzipped: gzipSync(content, { level: 9 }).length };
}

/** Sizes of what loads at once and of what loads when it is wanted. */
function widgetSizes() {
  const release = JSON.parse(readFileSync(join(folder, "widget.json"), "utf8"));
  const runtime = readdirSync(join(folder, "assets"))
    .filter((name) => name.startsWith("ort-wasm"))
    .map((name) => `assets/${name}`);
  const weigh = (files) => files.map(sizes).sort((a, b) => b.gzipped - a.gzipped);
  const atOnce = weigh(release.initial);
  return {
    limitBytes,
    initialBytes: atOnce.reduce((sum, { gzipped }) => sum + gzipped, 0),
    initial: atOnce,
    lazy: weigh([...release.lazy, ...runtime]),
  };
}

function line(title, bytes, gzipped) {
  const number = (value) => value.toLocaleString("en").padStart(12);
  return `${title.padEnd(52)}${number(bytes)}${number(gzipped)}\n`;
}

function table({ initial, lazy, initialBytes }) {
  const head = `${"file".padEnd(52)}${"bytes".padStart(12)}${"gzipped".padStart(12)}\n`;
  const rows = (list) => list.map(({ file, bytes, gzipped }) => line(`  ${file}`, bytes, gzipped)).join("");
  const total = initial.reduce((sum, { bytes }) => sum + bytes, 0);
  return `${head}${line("at once", total, initialBytes)}${rows(initial)}when wanted\n${rows(lazy)}`;
}

await ensureBuilt();
const weighed = widgetSizes();
process.stdout.write(process.argv.includes("--json") ? JSON.stringify(weighed) : table(weighed));
if (weighed.initialBytes > limitBytes) {
  process.stderr.write(`${weighed.initialBytes} gzipped bytes at once; allowed are ${limitBytes}\n`);
  process.exit(1);
}
