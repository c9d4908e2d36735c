// The widget's weight on the wire: gzipped bytes by file, and a gate on what a page loads before anyone has touched anything.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { ensureBuilt, root } from "./setup.mjs";

const limitBytes = 30 * 1024;
const folder = join(root, "dist", "web");

function sizes(file) {
  const content = readFileSync(join(folder, file));
  return { file, bytes: content.length, gzipped: gzipSync(content, { level: 9 }).length };
}

/** What `file` imports at once, itself included: chunks that only arrive with another one. */
function closure(files, found = new Set()) {
  for (const file of files) {
    if (found.has(file)) continue;
    found.add(file);
    const text = readFileSync(join(folder, file), "utf8");
    const imports = [...text.matchAll(/(?:from|^import|;import)\s*["'`](\.{1,2}\/[^"'`]+)["'`]/g)];
    closure(
      imports.map(([, path]) => new URL(path, `http://x/${file}`).pathname.slice(1)),
      found,
    );
  }
  return found;
}

/** Sizes of what loads at once and of what loads when it is wanted. */
export function widgetSizes() {
  const release = JSON.parse(readFileSync(join(folder, "widget.json"), "utf8"));
  const initial = [...closure(release.initial)];
  const lazy = [...closure(release.lazy)].filter((file) => !initial.includes(file));
  const runtime = readdirSync(join(folder, "assets"))
    .filter((name) => name.startsWith("ort-wasm"))
    .map((name) => `assets/${name}`);
  const weigh = (files) => files.map(sizes).sort((a, b) => b.gzipped - a.gzipped);
  const atOnce = weigh(initial);
  return {
    limitBytes,
    initialBytes: atOnce.reduce((sum, { gzipped }) => sum + gzipped, 0),
    initial: atOnce,
    lazy: weigh([...lazy, ...runtime]),
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

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await ensureBuilt();
  const weighed = widgetSizes();
  process.stdout.write(table(weighed));
  if (weighed.initialBytes > limitBytes) {
    process.stdout.write(`${weighed.initialBytes} gzipped bytes at once; allowed are ${limitBytes}\n`);
    process.exit(1);
  }
}
