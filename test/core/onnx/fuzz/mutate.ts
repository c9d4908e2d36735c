// Files gone wrong: bytes changed anywhere, and fields of the protobuf tree forged, doubled, lost or traded, so that more than the first check is met.
import type { Random } from "../../../../trainer/random.ts";

interface Field {
  /** Of the tag. */
  readonly start: number;
  /** Of the length or the value. */
  readonly value: number;
  readonly payload: number;
  readonly end: number;
}

const pick = (random: Random, count: number) => Math.floor(random() * count);

function varintEnd(bytes: Uint8Array, at: number): number {
  let end = at;
  while (end < bytes.length && bytes[end] >= 0x80) end++;
  return end + 1;
}

function varintOf(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let index = at, scale = 1; index < bytes.length; index++, scale *= 128) {
    value += (bytes[index] & 0x7f) * scale;
    if (bytes[index] < 0x80) break;
  }
  return value;
}

/** Fields of the message in `bytes` from `at` to `end`, nested ones too where what they hold reads as a message. */
function findFields(bytes: Uint8Array, at: number, end: number, depth: number, found: Field[]): boolean {
  const first = found.length;
  let start = at;
  while (start < end) {
    const value = varintEnd(bytes, start);
    const kind = bytes[start] & 7;
    let payload = value;
    let next = end + 1;
    if (kind === 0) next = varintEnd(bytes, value);
    else if (kind === 1) next = value + 8;
    else if (kind === 5) next = value + 4;
    else if (kind === 2) {
      payload = varintEnd(bytes, value);
      next = payload + varintOf(bytes, value);
    }
    if (next > end || bytes[start] < 8) {
      found.length = first;
      return false;
    }
    found.push({ start, value, payload, end: next });
    if (kind === 2 && depth > 0 && next - payload > 1) findFields(bytes, payload, next, depth - 1, found);
    start = next;
  }
  return true;
}

function spliced(bytes: Uint8Array, from: number, to: number, put: ArrayLike<number>): Uint8Array {
  const out = new Uint8Array(bytes.length - (to - from) + put.length);
  out.set(bytes.subarray(0, from));
  out.set(put, from);
  out.set(bytes.subarray(to), from + put.length);
  return out;
}

/** Numbers at the edges of what varints, int32, doubles and our own limits hold. */
const edges = [
  0,
  1,
  127,
  128,
  300,
  16_383,
  2 ** 21,
  2 ** 28,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  2 ** 60,
];

function varint(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) out.push((rest % 128) | 0x80);
  out.push(rest);
  return out;
}

const minusOne = [...Array.from({ length: 9 }, () => 0xff), 1];
const edgeVarint = (random: Random) =>
  random() < 0.1 ? minusOne : varint(edges[pick(random, edges.length)] + (random() < 0.2 ? 1 : 0));

type Mutation = (bytes: Uint8Array, field: Field, other: Uint8Array, random: Random) => Uint8Array;

/** What leaves every length true, so that checks deep inside are met. */
const gentle: readonly Mutation[] = [
  // One byte of a value.
  (bytes, { value, payload, end }, _, random) => {
    const out = bytes.slice();
    const from = payload > value && payload < end ? payload : value;
    out[from + pick(random, end - from)] = pick(random, random() < 0.7 ? 128 : 256);
    return out;
  },
  // Two bytes of a list trade places.
  (bytes, { value, payload, end }, _, random) => {
    const out = bytes.slice();
    const from = payload > value && payload < end ? payload : value;
    const [a, b] = [from + pick(random, end - from), from + pick(random, end - from)];
    [out[a], out[b]] = [out[b], out[a]];
    return out;
  },
  // The same length, other contents: bytes of another file, or one value over and over.
  (bytes, { payload, end }, other, random) => {
    const from = pick(random, Math.max(1, other.length - (end - payload)));
    return spliced(bytes, payload, end, fitted(other.subarray(from), end - payload));
  },
  (bytes, { payload, end }, _, random) => {
    const byte = [0, 1, 2, 0x7f, 0x80, 0xff][pick(random, 6)];
    return spliced(bytes, payload, end, new Uint8Array(end - payload).fill(byte));
  },
];

/** What changes the length of a field, or what it is. */
const rough: readonly Mutation[] = [
  // A forged length or number.
  (bytes, { start, value, payload, end }, _, random) => {
    const isNumber = (bytes[start] & 7) === 0;
    return spliced(bytes, value, isNumber ? end : payload, edgeVarint(random));
  },
  // Lost, doubled, or of another number or wire type.
  (bytes, { start, end }) => spliced(bytes, start, end, []),
  (bytes, { start, end }) => spliced(bytes, end, end, bytes.slice(start, end)),
  (bytes, { start }, _, random) => spliced(bytes, start, start + 1, [pick(random, 256)]),
];

/** `bytes` cut or filled with zeros to `length`. */
function fitted(bytes: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  out.set(bytes.subarray(0, length));
  return out;
}

/** Makes the lengths around a field, from the inside out, say what is there now that it is `more` bytes longer. */
function repaired(bytes: Uint8Array, field: Field, fields: readonly Field[], more: number): Uint8Array {
  const around = fields.filter(
    ({ payload, end, start }) => start < field.start && payload <= field.start && end >= field.end,
  );
  let out = bytes;
  let longer = more;
  for (const { value, payload, end } of around.sort((a, b) => b.start - a.start)) {
    const length = varint(Math.max(0, end - payload + longer));
    out = spliced(out, value, payload, length);
    longer += length.length - (payload - value);
  }
  return out;
}

const byteMutations: ((bytes: Uint8Array, other: Uint8Array, random: Random) => Uint8Array)[] = [
  (bytes, _, random) => {
    const out = bytes.slice();
    for (let change = 0; change <= pick(random, 4); change++)
      out[pick(random, out.length)] = pick(random, 256);
    return out;
  },
  (bytes, _, random) => {
    const out = bytes.slice();
    out[pick(random, out.length)] ^= 1 << pick(random, 8);
    return out;
  },
  (bytes, _, random) => bytes.slice(0, pick(random, bytes.length)),
  (bytes, other, random) =>
    spliced(bytes, pick(random, bytes.length), bytes.length, other.subarray(pick(random, other.length))),
];

/** One to three mutations of a file of the corpus; the same random numbers make the same file. */
export function mutate(corpus: readonly Uint8Array[], random: Random): Uint8Array {
  let bytes = corpus[pick(random, corpus.length)];
  const most = random() < 0.6 ? 1 : 3;
  for (let times = 1 + pick(random, most); times > 0 && bytes.length > 0; times--) {
    const other = corpus[pick(random, corpus.length)];
    const fields: Field[] = [];
    if (random() < 0.8) findFields(bytes, 0, bytes.length, 6, fields);
    if (fields.length === 0) {
      bytes = byteMutations[pick(random, byteMutations.length)](bytes, other, random);
      continue;
    }
    const mutations = random() < 0.6 ? gentle : rough;
    const field = fields[pick(random, fields.length)];
    const mutated = mutations[pick(random, mutations.length)](bytes, field, other, random);
    // Lengths that still lie are worth a try, but most are found out at once.
    const more = mutated.length - bytes.length;
    bytes = random() < 0.8 ? repaired(mutated, field, fields, more) : mutated;
  }
  return bytes;
}
