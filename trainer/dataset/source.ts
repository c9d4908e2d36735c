// Opens where rows come from: a file, a file of an npm package, a URL, or standard input.
import { createReadStream, statSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { InputError } from "#core/api/problem.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { readCsv } from "./csv.ts";
import { readNdjson } from "./ndjson.ts";
import type { RawRow } from "./raw-row.ts";
import { findPackageFile, openUrl } from "./source-location.ts";

/** The formats that stream without a database of tables. */
export type SourceFormat = "csv" | "ndjson";

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
    if (/^https?:\/\//.test(location)) return openUrl(location, location);
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
