// The reading half of the protobuf wire format, for bytes that nobody vouches for: every length is checked before it is used.
import { InputError } from "../api/problem.ts";
import type { TextList } from "./text-list.ts";
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

  /** Texts of a repeated field, appended to `into`: the one at hand and those that follow at once. */
  strings(into: TextList): void {
    this.expect(wireTypes.bytes);
    const tag = this.field * 8 + wireTypes.bytes;
    const { bytes } = this;
    for (;;) {
      const length = bytes[this.at];
      const start = this.at + 1;
      // Lengths below 128 are one byte, as are tags: longer ones go the general road.
      if (length < 0x80 && length <= this.end - start && into.addKnown(bytes, start, length)) {
        this.at = start + length;
      } else into.add(this.string());
      if (tag >= 0x80 || this.at >= this.end || bytes[this.at] !== tag) return;
      this.at++;
    }
  }

  /** Integers of a repeated field, packed or a single one. */
  integers(): Int32Array | Float64Array {
    if (!this.isBytes) return Float64Array.of(this.integer());
    const packed = this.message();
    return packed.smallIntegers() ?? packed.anyIntegers();
  }

  /** All that is left as integers below 2^21, which ids of a tree table are; undefined where one is larger. */
  private smallIntegers(): Int32Array | undefined {
    // Not slice(): a Node Buffer's is a view. The copy is aligned, and ends in zeros up to a whole word.
    const copy = new Uint8Array((this.end + 3) & ~3);
    copy.set(this.bytes);
    const words = new Int32Array(copy.buffer);
    let more = 0;
    // The top bit of a byte says that the number goes on: four bytes are asked at once, and their answers added up.
    for (let word = 0; word < words.length; word++)
      more += Math.imul((words[word] >>> 7) & 0x01010101, 0x01010101) >>> 24;
    if (more === 0) return new Int32Array(copy.subarray(0, this.end));
    const values = new Int32Array(this.end - more);
    const last = values.length - 1;
    let at = 0;
    for (let index = 0; index < last; index++) {
      const first = copy[at++];
      if (first < 0x80) {
        values[index] = first;
        continue;
      }
      const second = copy[at++];
      if (second < 0x80) {
        values[index] = (first & 0x7f) | (second << 7);
        continue;
      }
      const third = copy[at++];
      if (third >= 0x80) return undefined;
      values[index] = (first & 0x7f) | ((second & 0x7f) << 7) | (third << 14);
    }
    // The last one may break off: the careful road finds that.
    this.at = at;
    const value = this.varint();
    if (this.at !== this.end || value < 0 || value > 0x7fffffff) {
      this.at = 0;
      return undefined;
    }
    values[last] = value;
    return values;
  }

  private anyIntegers(): Float64Array {
    let count = 0;
    for (let at = 0; at < this.end; at++) if (this.bytes[at] < 0x80) count++;
    const values = new Float64Array(count);
    for (let index = 0; this.at < this.end; index++) values[index] = this.varint();
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
export function joined<T extends Float32Array | Float64Array>(
  parts: readonly (T | Int32Array)[],
  none: T,
): T | Int32Array {
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
