// Universal Binary JSON (ubjson.org, draft 12), XGBoost's default format: big-endian, typed and counted lists, within bounds.
import { InputError } from "#core/api/problem.ts";
import { type PackedNumbers, ReadBudget, type Value } from "./document.ts";

interface NumberType {
  readonly bytes: number;
  read(view: DataView, at: number): number;
  list(length: number): PackedNumbers;
}

const numberTypes: Readonly<Record<string, NumberType>> = {
  i: { bytes: 1, read: (view, at) => view.getInt8(at), list: (length) => new Int8Array(length) },
  U: { bytes: 1, read: (view, at) => view.getUint8(at), list: (length) => new Uint8Array(length) },
  I: { bytes: 2, read: (view, at) => view.getInt16(at), list: (length) => new Int16Array(length) },
  l: { bytes: 4, read: (view, at) => view.getInt32(at), list: (length) => new Int32Array(length) },
  L: {
    bytes: 8,
    read: (view, at) => Number(view.getBigInt64(at)),
    list: (length) => new Float64Array(length),
  },
  d: { bytes: 4, read: (view, at) => view.getFloat32(at), list: (length) => new Float32Array(length) },
  D: { bytes: 8, read: (view, at) => view.getFloat64(at), list: (length) => new Float64Array(length) },
};

/** Parses one UBJSON value that fills `bytes`. Throws InputError with the offset of the first fault. */
export function readUbjson(bytes: Uint8Array): Value {
  const reader = new UbjsonReader(bytes);
  const value = reader.value(reader.mark(), 0);
  reader.end();
  return value;
}

class UbjsonReader {
  private at = 0;
  private readonly budget = new ReadBudget();
  private readonly view: DataView;
  private readonly text = new TextDecoder("utf-8", { fatal: true });
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  end(): void {
    if (this.at < this.bytes.length) throw this.fault("expected nothing more");
  }

  mark(): string {
    this.need(1);
    return String.fromCharCode(this.bytes[this.at++]);
  }

  value(mark: string, depth: number): Value {
    if (mark === "{") return this.object(depth + 1);
    if (mark === "[") return this.array(depth + 1);
    this.budget.value();
    switch (mark) {
      case "S":
        return this.string();
      case "T":
        return true;
      case "F":
        return false;
      case "Z":
        return null;
      case "C":
        return String.fromCharCode(this.number("U"));
      default:
        return this.number(mark);
    }
  }

  private object(depth: number): Value {
    this.budget.container(depth);
    const { type, count } = this.header();
    const object: Record<string, Value> = Object.create(null);
    for (let i = 0; count === undefined ? this.bytes[this.at] !== 125 : i < count; i++) {
      const key = this.string();
      object[key] = this.value(type ?? this.mark(), depth);
    }
    if (count === undefined) this.at++;
    return object;
  }

  private array(depth: number): Value {
    this.budget.container(depth);
    const { type, count } = this.header();
    if (type !== undefined && count !== undefined && numberTypes[type])
      return this.numbers(numberTypes[type], count);
    const items: Value[] = [];
    for (;;) {
      if (count === undefined) this.need(1);
      if (count === undefined ? this.bytes[this.at] === 93 : items.length >= count) break;
      items.push(this.value(type ?? this.mark(), depth));
    }
    if (count === undefined) this.at++;
    return items;
  }

  /** The optional `$type` and `#count` of a container. */
  private header(): { type?: string; count?: number } {
    let type: string | undefined;
    this.need(1);
    if (this.bytes[this.at] === 36) {
      this.at++;
      type = this.mark();
      // Values of these types take no bytes: a forged count of them would cost memory without a file to match.
      if ("TFZN".includes(type)) throw this.fault(`a list of type ${type}`);
      this.need(1);
      if (this.bytes[this.at] !== 35) throw this.fault("expected the count of a typed list");
    }
    if (this.bytes[this.at] !== 35) return { type };
    this.at++;
    const count = this.length();
    // Each value takes a byte at least.
    this.need(count);
    return { type, count };
  }

  private numbers(type: NumberType, count: number): PackedNumbers {
    this.need(count * type.bytes);
    this.budget.value(count);
    const list = type.list(count);
    for (let i = 0; i < count; i++) list[i] = type.read(this.view, this.at + i * type.bytes);
    this.at += count * type.bytes;
    return list;
  }

  private number(mark: string): number {
    const type = numberTypes[mark];
    if (!type) throw this.fault(`unknown type ${JSON.stringify(mark)}`);
    this.need(type.bytes);
    const value = type.read(this.view, this.at);
    this.at += type.bytes;
    return value;
  }

  private length(): number {
    const mark = this.mark();
    const length = "iUIlL".includes(mark) ? this.number(mark) : -1;
    if (!Number.isSafeInteger(length) || length < 0) throw this.fault("expected a length of 0 or more");
    return length;
  }

  private string(): string {
    const length = this.length();
    this.need(length);
    const start = this.at;
    this.at += length;
    try {
      return this.text.decode(this.bytes.subarray(start, this.at));
    } catch {
      throw this.fault("expected UTF-8 text");
    }
  }

  private need(count: number): void {
    if (count > this.bytes.length - this.at) throw this.fault(`expected ${count} more bytes`);
  }

  private fault(detail: string): InputError {
    return new InputError(`not UBJSON: ${detail} at byte ${this.at} of ${this.bytes.length}`);
  }
}
