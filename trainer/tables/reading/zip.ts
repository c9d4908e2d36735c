// Finds the one table inside a zip file by its central directory (PKWARE APPNOTE 6.3); the rest of the archive is never unpacked.
import { closeSync, openSync, readSync } from "node:fs";
import { InputError } from "#core/api/problem.ts";
import type { LocalFile } from "./raw-table.ts";

export interface ZipEntry {
  readonly name: string;
  /** Where its bytes start in the archive. */
  readonly start: number;
  readonly packedBytes: number;
  readonly isStored: boolean;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const longestComment = 65_557;

function readAt(file: number, position: number, length: number): DataView {
  const bytes = new Uint8Array(length);
  const read = readSync(file, bytes, 0, length, position);
  return new DataView(bytes.buffer, 0, read);
}

function isTable(name: string): boolean {
  return !name.endsWith("/") && !name.startsWith("__MACOSX/") && !/(^|\/)\.[^/]*$/.test(name);
}

interface Listed {
  readonly name: string;
  readonly view: DataView;
  readonly at: number;
}

function listEntries(view: DataView): Listed[] {
  const entries: Listed[] = [];
  for (let at = 0; at + 46 <= view.byteLength && view.getUint32(at, true) === entrySignature; ) {
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const name = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at + 46, nameLength));
    entries.push({ name, view, at });
    at += 46 + nameLength + extra + comment;
  }
  return entries;
}

/** The only table in the archive; undefined for a file that is no zip, or is an Excel workbook. Throws InputError for several. */
export function findZipEntry({ path, bytes }: LocalFile, source: string): ZipEntry | undefined {
  const file = openSync(path, "r");
  try {
    if (bytes < 22 || readAt(file, 0, 4).getUint32(0) !== 0x504b0304) return undefined;
    const tail = readAt(file, Math.max(0, bytes - longestComment), Math.min(bytes, longestComment));
    let end = tail.byteLength - 22;
    while (end >= 0 && tail.getUint32(end, true) !== endSignature) end--;
    if (end < 0) throw new InputError(`${source}: cannot be unpacked: a zip file that breaks off`);
    const [size, offset] = [tail.getUint32(end + 12, true), tail.getUint32(end + 16, true)];
    if (offset + size > bytes)
      throw new InputError(`${source}: cannot be unpacked: a zip file that breaks off`);
    const all = listEntries(readAt(file, offset, size));
    if (all.some(({ name }) => name === "[Content_Types].xml")) return undefined;
    const tables = all.filter(({ name }) => isTable(name));
    if (tables.length !== 1) {
      const names = tables.slice(0, 5).map(({ name }) => name.slice(0, 60));
      throw new InputError(
        `${source}: expected one file in the zip; got ${tables.length}${names.length > 0 ? ` (${names.join(", ")})` : ""}`,
      );
    }
    const [{ name, view, at }] = tables;
    if (view.getUint16(at + 8, true) & 1)
      throw new InputError(`${source}: ${name.slice(0, 60)} is encrypted`);
    const method = view.getUint16(at + 10, true);
    if (method !== 0 && method !== 8)
      throw new InputError(
        `${source}: ${name.slice(0, 60)} is packed in a way that is not read (method ${method})`,
      );
    const header = view.getUint32(at + 42, true);
    const local = readAt(file, header, 30);
    const start = header + 30 + local.getUint16(26, true) + local.getUint16(28, true);
    return { name, start, packedBytes: view.getUint32(at + 20, true), isStored: method === 0 };
  } finally {
    closeSync(file);
  }
}
