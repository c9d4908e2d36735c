// The Worker's weight as it is uploaded: gzipped bytes of the bundle, and a gate on it. A cold isolate reads all of it before its first answer.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { ensureBuilt, run } from "./setup.mjs";

// Raised from 200 KiB when comparables by place, data reports and classes came.
const limitBytes = 208 * 1024;

// wrangler.toml names the pages as assets: they have to be there.
await ensureBuilt();
const folder = mkdtempSync(join(tmpdir(), "appraise-worker-"));
try {
  const { code, output } = await run("wrangler", ["deploy", "--dry-run", "--outdir", folder]);
  if (code !== 0) {
    process.stderr.write(output);
    process.exit(1);
  }
  const content = readFileSync(join(folder, "index.js"));
  const gzipped = gzipSync(content, { level: 9 }).length;
  process.stdout.write(
    `${content.length.toLocaleString("en")} bytes, ${gzipped.toLocaleString("en")} gzipped\n`,
  );
  if (gzipped > limitBytes) {
    process.stderr.write(`${gzipped} gzipped bytes; allowed are ${limitBytes}\n`);
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}
