// Brings a source's bytes onto this machine: a path, a file of an installed package, a URL, standard input; unpacked where packed.
import { closeSync, createReadStream, createWriteStream, openSync, readSync, statSync } from "node:fs";
import { basename, isAbsolute, join, resolve } from "node:path";
import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createInflateRaw } from "node:zlib";
import { InputError } from "#core/api/problem.ts";
import { findPackageFile, openUrl } from "../../dataset/source-location.ts";
import type { LocalFile } from "./raw-table.ts";
import { findZipEntry } from "./zip.ts";

/** A file that unpacks to more than this many times its size, and to more than this many bytes, is a bomb. */
const bombRatio = 200;
const bombBytes = 256 * 1024 * 1024;

/** A location as it may be shown: without a password and without the query, which signs requests to object stores. */
export function shownLocation(location: string): string {
  if (location === "-") return "stdin";
  if (!/^[a-z]+:\/\//i.test(location)) return location;
  return location.replace(/^([a-z]+:\/\/)[^/@]*@/i, "$1").replace(/[?#].*$/, "");
}

function measure(path: string, source: string): LocalFile {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new InputError(`${source}: no such file`);
  if (stat.isDirectory()) throw new InputError(`${source}: is a folder; expected a file`);
  if (!stat.isFile()) throw new InputError(`${source}: expected a file`);
  if (stat.size === 0) throw new InputError(`${source}: the file is empty; expected a table with a header`);
  return { path, bytes: stat.size };
}

/** The first bytes of a file. */
export function readStart(path: string, bytes: number): Uint8Array {
  const file = openSync(path, "r");
  try {
    const buffer = new Uint8Array(bytes);
    return buffer.subarray(0, readSync(file, buffer, 0, bytes, 0));
  } finally {
    closeSync(file);
  }
}

/** Passes bytes on and stops a bomb. */
function guard(packedBytes: number, source: string): Transform {
  let total = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      total += chunk.length;
      const isBomb = total > bombBytes && total > bombRatio * packedBytes;
      done(
        isBomb
          ? new InputError(
              `${source}: unpacks to more than ${bombRatio} times its size: no table does; it is not read`,
            )
          : null,
        chunk,
      );
    },
  });
}

async function unpack(
  file: LocalFile,
  folder: string,
  source: string,
): Promise<LocalFile & { inner?: string }> {
  const start = readStart(file.path, 4);
  const isGzip = start[0] === 0x1f && start[1] === 0x8b;
  const entry = isGzip ? undefined : findZipEntry(file, source);
  if (!isGzip && !entry) return file;
  const target = join(folder, "unpacked");
  const from = entry
    ? createReadStream(file.path, { start: entry.start, end: entry.start + entry.packedBytes - 1 })
    : createReadStream(file.path);
  const steps = entry ? (entry.isStored ? [] : [createInflateRaw()]) : [createGunzip()];
  try {
    await pipeline([
      from,
      ...steps,
      guard(entry?.packedBytes ?? file.bytes, source),
      createWriteStream(target),
    ]);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${source}: cannot be unpacked: ${(error as Error).message}`);
  }
  return { ...measure(target, source), inner: entry?.name };
}

/**
 * The file that `location` names, unpacked: `-`, `npm:<package>/<file>`, an http(s) URL, or a path relative to `directory`.
 * `name` is what its format can be told by. Throws InputError naming the source.
 */
export async function localFile(
  location: string,
  directory: string,
  folder: string,
): Promise<LocalFile & { readonly name: string }> {
  const source = shownLocation(location);
  const fetchTo = async (stream: Readable) => {
    const target = join(folder, "fetched");
    await pipeline(stream, createWriteStream(target));
    return measure(target, source);
  };
  const given = await (async () => {
    if (location === "-") return fetchTo(process.stdin);
    if (/^https?:\/\//.test(location)) return fetchTo(await openUrl(location, source));
    if (location.startsWith("npm:")) return measure(findPackageFile(location), source);
    return measure(isAbsolute(location) ? location : resolve(directory, location), source);
  })();
  const unpacked = await unpack(given, folder, source);
  return { ...unpacked, name: unpacked.inner ?? basename(source.replace(/\.gz$/i, "")) };
}
