// Opens where rows come from: a file, a file of an npm package, a URL, or standard input.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { isAbsolute, join, resolve } from "node:path";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { InputError } from "#core/api/problem.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { readCsv } from "./csv.ts";
import { readNdjson } from "./ndjson.ts";
import type { RawRow } from "./raw-row.ts";

/** The formats that stream without a database of tables. */
export type SourceFormat = "csv" | "ndjson";

/** How long a web source may take to answer; its body may then stream for as long as it needs. */
const answerTimeoutMs = 30_000;

/** The file that `npm:<package>/<file>` names among the installed packages. */
function findPackageFile(location: string): string {
  const match = /^npm:((?:@[a-z0-9._-]+\/)?[a-z0-9._-]+)\/(.+)$/i.exec(location);
  if (!match || match[2].split(/[\\/]/).includes("..")) {
    throw new InputError(`${location}: expected npm:<package>/<file>`);
  }
  const [, name, file] = match;
  // Node's own resolution would refuse files that a package's "exports" leave out.
  for (const folder of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    const path = join(folder, name, file);
    if (existsSync(path)) return path;
  }
  throw new InputError(`${location}: no such file among the installed packages; run npm install`);
}

async function openUrl(location: string): Promise<Readable> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), answerTimeoutMs);
  try {
    const response = await fetch(location, { signal: deadline.signal });
    if (!response.ok || !response.body) throw new InputError(`${location}: answered ${response.status}`);
    return Readable.from(response.body);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const reason = ((error as Error).cause as Error | undefined)?.message ?? (error as Error).message;
    throw new InputError(`${location}: cannot be read: ${reason}`);
  } finally {
    clearTimeout(timer);
  }
}

function openFile(path: string, location: string): Readable {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new InputError(`${location}: no such file`);
  if (!stat.isFile()) throw new InputError(`${location}: expected a file`);
  return createReadStream(path);
}

/** The format that a name ends in, `.gz` set aside; undefined where the name does not tell. */
export function formatOf(location: string): SourceFormat | undefined {
  const name = location.replace(/[?#].*$/, "").replace(/\.gz$/, "");
  if (name.endsWith(".csv")) return "csv";
  return /\.(ndjson|jsonl)$/.test(name) ? "ndjson" : undefined;
}

async function* unpack(packed: Readable, location: string): AsyncGenerator<Uint8Array> {
  const unpacked = createGunzip();
  packed.on("error", (error) => unpacked.destroy(error));
  try {
    for await (const chunk of packed.pipe(unpacked)) yield chunk as Uint8Array;
  } catch (error) {
    throw new InputError(`${location}: cannot be unpacked: ${(error as Error).message}`);
  } finally {
    packed.destroy();
  }
}

/**
 * Bytes of `location`: `-` (standard input), `npm:<package>/<file>`, an http(s) URL, or a path relative to `directory`;
 * a name ending in .gz is unpacked. Throws InputError naming the location.
 */
export async function openSource(location: string, directory: string): Promise<AsyncIterable<Uint8Array>> {
  const open = async () => {
    if (location === "-") return process.stdin;
    if (location.startsWith("npm:")) return openFile(findPackageFile(location), location);
    if (/^https?:\/\//.test(location)) return openUrl(location);
    return openFile(isAbsolute(location) ? location : resolve(directory, location), location);
  };
  const stream = await open();
  return /\.gz([?#].*)?$/.test(location) ? unpack(stream, location) : stream;
}

/** Records of a stream of bytes in the given format. */
export function readRows(
  spec: DatasetSpec,
  format: SourceFormat,
  chunks: AsyncIterable<Uint8Array>,
  source: string,
): AsyncGenerator<RawRow> {
  return format === "csv" ? readCsv(spec, chunks, source) : readNdjson(spec, chunks, source);
}
