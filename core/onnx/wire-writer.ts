// The writing half of the protobuf wire format, as far as ONNX needs it (https://protobuf.dev/programming-guides/encoding/).

export const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

const utf8 = new TextEncoder();

/** A growing buffer of protobuf fields. Messages nest as bytes that another writer finished. */
export class WireWriter {
  private bytes = new Uint8Array(256);
  private view = new DataView(this.bytes.buffer);
  private length = 0;

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }

  /** A safe integer as varint; negative ones take ten bytes, in two's complement of 64 bits. */
  varint(value: number): void {
    if (!Number.isSafeInteger(value)) throw new RangeError(`expected a safe integer; got ${value}`);
    this.reserve(10);
    if (value < 0) {
      let rest = BigInt.asUintN(64, BigInt(value));
      for (; rest > 0x7fn; rest >>= 7n) this.bytes[this.length++] = Number(rest & 0x7fn) | 0x80;
      this.bytes[this.length++] = Number(rest);
      return;
    }
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) this.bytes[this.length++] = (rest % 128) | 0x80;
    this.bytes[this.length++] = rest;
  }

  private tag(field: number, wireType: number): void {
    this.varint(field * 8 + wireType);
  }

  integer(field: number, value: number): void {
    this.tag(field, wireTypes.varint);
    this.varint(value);
  }

  float(field: number, value: number): void {
    this.tag(field, wireTypes.fixed32);
    this.reserve(4);
    this.view.setFloat32(this.length, value, true);
    this.length += 4;
  }

  raw(field: number, value: Uint8Array): void {
    this.tag(field, wireTypes.bytes);
    this.varint(value.length);
    this.reserve(value.length);
    this.bytes.set(value, this.length);
    this.length += value.length;
  }

  string(field: number, value: string): void {
    this.raw(field, utf8.encode(value));
  }

  message(field: number, write: (inner: WireWriter) => void): void {
    const inner = new WireWriter();
    write(inner);
    this.raw(field, inner.finish());
  }

  /** Packed integers; nothing at all for an empty list, which reads back as empty. */
  packedIntegers(field: number, values: ArrayLike<number>): void {
    if (values.length === 0) return;
    const inner = new WireWriter();
    for (let i = 0; i < values.length; i++) inner.varint(values[i]);
    this.raw(field, inner.finish());
  }

  packedFloats(field: number, values: ArrayLike<number>): void {
    if (values.length === 0) return;
    const packed = new Uint8Array(values.length * 4);
    const view = new DataView(packed.buffer);
    for (let i = 0; i < values.length; i++) view.setFloat32(i * 4, values[i], true);
    this.raw(field, packed);
  }

  /** A copy of what was written so far. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.length);
  }
}
