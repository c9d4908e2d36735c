// What a learner keeps, as bytes: plain values and number arrays under a version and a checksum, the same bytes in every runtime.
import { InputError } from "../api/problem.ts";

export type Saved =
  | null
  | boolean
  | number
  | string
  | Float64Array
  | Int32Array
  | readonly Saved[]
  | { readonly [name: string]: Saved };

/** "APOL", then the version of the format. */
const magic = [0x41, 0x50, 0x4f, 0x4c, 1];
const headBytes = magic.length + 4;
const tags = { null: 0, false: 1, true: 2, number: 3, string: 4, floats: 5, ints: 6, list: 7, object: 8 };
const deepest = 64;

/** FNV-1a, 32 bits: it finds damage, not forgery; what is inside is checked by whoever restores it. */
function checksum(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

class Writer {
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;

  #room(size: number): number {
    const at = this.#at;
    this.#at += size;
    if (this.#at > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#at, 2 * this.#bytes.length));
      grown.set(this.#bytes);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    return at;
  }

  #tag(tag: number): void {
    const at = this.#room(1);
    this.#bytes[at] = tag;
  }

  #count(count: number): void {
    const at = this.#room(4);
    this.#view.setUint32(at, count, true);
  }

  #text(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.#count(bytes.length);
    const at = this.#room(bytes.length);
    this.#bytes.set(bytes, at);
  }

  write(value: Saved): void {
    if (value === null) this.#tag(tags.null);
    else if (typeof value === "boolean") this.#tag(value ? tags.true : tags.false);
    else if (typeof value === "number") {
      this.#tag(tags.number);
      const at = this.#room(8);
      this.#view.setFloat64(at, value, true);
    } else if (typeof value === "string") {
      this.#tag(tags.string);
      this.#text(value);
    } else if (value instanceof Float64Array || value instanceof Int32Array) {
      const isFloats = value instanceof Float64Array;
      this.#tag(isFloats ? tags.floats : tags.ints);
      this.#count(value.length);
      const at = this.#room(value.byteLength);
      for (let i = 0; i < value.length; i++) {
        if (isFloats) this.#view.setFloat64(at + 8 * i, value[i], true);
        else this.#view.setInt32(at + 4 * i, value[i], true);
      }
    } else if (Array.isArray(value)) {
      this.#tag(tags.list);
      this.#count(value.length);
      for (const one of value) this.write(one);
    } else {
      const entries = Object.entries(value as { readonly [name: string]: Saved });
      this.#tag(tags.object);
      this.#count(entries.length);
      for (const [name, one] of entries) {
        this.#text(name);
        this.write(one);
      }
    }
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#at);
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = headBytes;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  #take(size: number): number {
    const at = this.#at;
    if (at + size > this.#bytes.length) throw new InputError("state: it ends in the middle of a value");
    this.#at += size;
    return at;
  }

  #count(width: number): number {
    const count = this.#view.getUint32(this.#take(4), true);
    if (count * width > this.#bytes.length - this.#at)
      throw new InputError("state: it ends in the middle of a value");
    return count;
  }

  #text(): string {
    const size = this.#count(1);
    const at = this.#take(size);
    return new TextDecoder().decode(this.#bytes.subarray(at, at + size));
  }

  read(depth = 0): Saved {
    if (depth > deepest) throw new InputError(`state: expected at most ${deepest} values inside each other`);
    const tag = this.#bytes[this.#take(1)];
    switch (tag) {
      case tags.null:
        return null;
      case tags.false:
      case tags.true:
        return tag === tags.true;
      case tags.number:
        return this.#view.getFloat64(this.#take(8), true);
      case tags.string:
        return this.#text();
      case tags.floats: {
        const count = this.#count(8);
        const at = this.#take(8 * count);
        return Float64Array.from({ length: count }, (_, i) => this.#view.getFloat64(at + 8 * i, true));
      }
      case tags.ints: {
        const count = this.#count(4);
        const at = this.#take(4 * count);
        return Int32Array.from({ length: count }, (_, i) => this.#view.getInt32(at + 4 * i, true));
      }
      case tags.list:
        return Array.from({ length: this.#count(1) }, () => this.read(depth + 1));
      case tags.object:
        return Object.fromEntries(
          Array.from({ length: this.#count(5) }, () => [this.#text(), this.read(depth + 1)] as const),
        );
      default:
        throw new InputError(`state: unknown kind of value ${tag}`);
    }
  }
}

/** The value as bytes. */
export function encodeSaved(value: Saved): Uint8Array<ArrayBuffer> {
  const writer = new Writer();
  writer.write(value);
  const body = writer.finish();
  const bytes = new Uint8Array(headBytes + body.length);
  bytes.set(magic);
  new DataView(bytes.buffer).setUint32(magic.length, checksum(body), true);
  bytes.set(body, headBytes);
  return bytes;
}

/** Reads what encodeSaved wrote. Throws InputError for another version, a cut or damaged file. */
export function decodeSaved(bytes: Uint8Array): Saved {
  const known = magic.slice(0, 4).every((byte, at) => bytes[at] === byte);
  if (!known || bytes.length < headBytes) throw new InputError("state: not a learner's state");
  if (bytes[4] !== magic[4]) throw new InputError(`state: expected format ${magic[4]}; got ${bytes[4]}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(magic.length, true) !== checksum(bytes.subarray(headBytes)))
    throw new InputError("state: it is damaged or cut off: its checksum differs");
  const reader = new Reader(bytes);
  const value = reader.read();
  if (!reader.isAtEnd) throw new InputError("state: bytes are left after its end");
  return value;
}

/** The named part of a saved object that `check` accepts. Throws InputError where it is missing or something else. */
export function partOf<T extends Saved>(
  saved: Saved,
  name: string,
  check: (value: Saved | undefined) => value is T,
): T {
  const isObject = typeof saved === "object" && saved !== null && !Array.isArray(saved);
  const value = isObject ? (saved as { readonly [name: string]: Saved })[name] : undefined;
  if (check(value)) return value;
  throw new InputError(`state: ${name} is missing or not what it should be`);
}

export const isNumber = (value: Saved | undefined): value is number => typeof value === "number";
export const isFloats = (value: Saved | undefined): value is Float64Array => value instanceof Float64Array;
export const isInts = (value: Saved | undefined): value is Int32Array => value instanceof Int32Array;
export const isList = (value: Saved | undefined): value is readonly Saved[] => Array.isArray(value);
export const isAnything = (value: Saved | undefined): value is Saved => value !== undefined;

/** Floats of exactly `length`. */
export const floatsOf =
  (length: number) =>
  (value: Saved | undefined): value is Float64Array =>
    value instanceof Float64Array && value.length === length;
