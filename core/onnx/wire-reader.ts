// The reading half of the protobuf wire format, for bytes that nobody vouches for: every length is checked before it is used.
import { InputError } from "../api/problem.ts";
import { wireTypes } from "./wire-writer.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function fault(detail: string): InputError {
  return new InputError(`model: not a readable ONNX file: ${detail}`);
}

/** Walks the fields of one message. Throws InputError at the first byte that cannot be. */
export class WireReader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private at: number;
  private readonly end: number;
  /** Field number of the field that `next` found. */
  field = 0;
  private wireType = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = 0;
    this.end = bytes.length;
  }

  /** Moves to the next field; false at the end. The value must then be read or skipped. */
  next(): boolean {
    if (this.at >= this.end) return false;
    const tag = this.varint();
    this.field = Math.floor(tag / 8);
    this.wireType = tag % 8;
    if (tag < 8 || tag > 0xffffffff) throw fault(`a field number out of range at byte ${this.at}`);
    return true;
  }

  /** Whether the field at hand is length-delimited: a message, text, or a packed list. */
  get isBytes(): boolean {
    return this.wireType === wireTypes.bytes;
  }

  private expect(wireType: number): void {
    if (this.wireType !== wireType) {
      throw fault(`field ${this.field} has wire type ${this.wireType} where ${wireType} is expected`);
    }
  }

  private varint(): number {
    let low = 0;
    let high = 0;
    for (let index = 0; index < 10; index++) {
      if (this.at >= this.end) throw fault("it ends inside a number");
      const byte = this.bytes[this.at++];
      const shift = index * 7;
      if (shift < 28) low |= (byte & 0x7f) << shift;
      else if (shift === 28) {
        low |= (byte & 0x0f) << 28;
        high |= (byte & 0x70) >> 4;
      } else high |= (byte & 0x7f) << (shift - 32);
      if (byte < 0x80) {
        const value = high * 2 ** 32 + (low >>> 0);
        if (!Number.isSafeInteger(value)) throw fault("an integer beyond 2^53");
        return value;
      }
    }
    throw fault("a number longer than ten bytes");
  }

  integer(): number {
    this.expect(wireTypes.varint);
    return this.varint();
  }

  float(): number {
    this.expect(wireTypes.fixed32);
    this.need(4);
    this.at += 4;
    return this.view.getFloat32(this.at - 4, true);
  }

  private need(length: number): void {
    if (length < 0 || length > this.end - this.at) {
      throw fault(`field ${this.field} claims ${length} bytes where ${this.end - this.at} are left`);
    }
  }

  /** A view of the bytes of the field at hand, not a copy. */
  raw(): Uint8Array {
    this.expect(wireTypes.bytes);
    const length = this.varint();
    this.need(length);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  message(): WireReader {
    return new WireReader(this.raw());
  }

  string(): string {
    try {
      return utf8.decode(this.raw());
    } catch (error) {
      if (error instanceof InputError) throw error;
      throw fault(`field ${this.field} is not UTF-8`);
    }
  }

  /**
   * Texts of a repeated field, appended to `into`: the one at hand and those that follow at once. Lists that repeat few short texts, as
   * tree tables do by the ten thousand, are told by their bytes from those in `known`, and new ones join them. Only ASCII is kept there,
   * whose bytes are its characters.
   */
  strings(into: string[], known: string[]): void {
    this.expect(wireTypes.bytes);
    const tag = this.field * 8 + wireTypes.bytes;
    for (;;) {
      into.push(this.knownString(known) ?? this.newString(known));
      // Tags below 128 are one byte: a longer one goes the general road.
      if (tag >= 0x80 || this.at >= this.end || this.bytes[this.at] !== tag) return;
      this.at++;
    }
  }

  private knownString(known: readonly string[]): string | undefined {
    const { bytes, at } = this;
    const length = bytes[at];
    if (length >= 0x80 || length > this.end - at - 1) return undefined;
    for (const text of known) {
      if (text.length !== length) continue;
      let same = 0;
      while (same < length && text.charCodeAt(same) === bytes[at + 1 + same]) same++;
      if (same < length) continue;
      this.at += length + 1;
      return text;
    }
    return undefined;
  }

  private newString(known: string[]): string {
    const text = this.string();
    if (known.length < 8 && text.length <= 32 && /^[ -~]*$/.test(text)) known.push(text);
    return text;
  }

  /** Integers of a repeated field, packed or a single one. */
  integers(): Float64Array {
    if (!this.isBytes) return Float64Array.of(this.integer());
    const packed = this.message();
    const { bytes, end } = packed;
    let count = 0;
    for (let at = 0; at < end; at++) if (bytes[at] < 0x80) count++;
    const values = new Float64Array(count);
    let at = 0;
    for (let index = 0; at < end; index++) {
      const first = bytes[at];
      // One and two bytes without the general road: nearly all of a tree table's ids.
      if (first < 0x80) {
        values[index] = first;
        at++;
      } else if (at + 1 < end && bytes[at + 1] < 0x80) {
        values[index] = (first & 0x7f) | (bytes[at + 1] << 7);
        at += 2;
      } else {
        packed.at = at;
        values[index] = packed.varint();
        at = packed.at;
      }
    }
    return values;
  }

  /** Floats of a repeated field, packed or a single one. */
  floats(): Float32Array {
    return new Float32Array(this.aligned(wireTypes.fixed32, 4));
  }

  /** Doubles of a repeated field, packed or a single one. */
  doubles(): Float64Array {
    return new Float64Array(this.aligned(wireTypes.fixed64, 8));
  }

  /** A copy, so that the values are aligned; engines keep numbers little-endian, as protobuf does. */
  private aligned(single: number, width: number): ArrayBuffer {
    let raw: Uint8Array;
    if (this.wireType === single) {
      this.need(width);
      this.at += width;
      raw = this.bytes.subarray(this.at - width, this.at);
    } else raw = this.raw();
    if (raw.length % width !== 0) throw fault(`field ${this.field} is not a whole number of values`);
    // Not slice(): a Node Buffer's is a view.
    return new Uint8Array(raw).buffer;
  }

  skip(): void {
    if (this.wireType === wireTypes.varint) this.varint();
    else if (this.isBytes) this.raw();
    else if (this.wireType === wireTypes.fixed32 || this.wireType === wireTypes.fixed64) {
      const width = this.wireType === wireTypes.fixed32 ? 4 : 8;
      this.need(width);
      this.at += width;
    } else throw fault(`field ${this.field} has wire type ${this.wireType}`);
  }
}

/** The parts of a repeated field as one list: packed fields come whole, unpacked ones value by value. */
export function joined<T extends Float32Array | Float64Array>(parts: readonly T[], none: T): T {
  if (parts.length < 2) return parts[0] ?? none;
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const all = new (none.constructor as new (length: number) => T)(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
