// A parsed model file as an untrusted tree of values, and the accessors that name the place where it is not what it should be.
import { InputError, quoted } from "#core/api/problem.ts";

/** Numbers that a binary file stores packed. */
export type PackedNumbers = Float32Array | Float64Array | Int8Array | Uint8Array | Int16Array | Int32Array;
export type Value = null | boolean | number | string | readonly Value[] | PackedNumbers | Document;
export interface Document {
  readonly [key: string]: Value;
}

/** Beyond these a file is refused while it is read, so that a forged count or a deep nest costs nothing. */
export const fileLimits = {
  bytes: 256 * 1024 * 1024,
  depth: 32,
  /** Objects and arrays. */
  containers: 1_000_000,
  /** Numbers, booleans, nulls and strings. */
  values: 40_000_000,
} as const;

/** Counts what a reader has built so far; throws InputError once a limit is passed. */
export class ReadBudget {
  private containers = 0;
  private values = 0;

  container(depth: number): void {
    if (depth > fileLimits.depth) throw new InputError(`nested more than ${fileLimits.depth} levels deep`);
    if (++this.containers > fileLimits.containers) {
      throw new InputError(`more than ${fileLimits.containers} objects and arrays`);
    }
  }

  value(count = 1): void {
    this.values += count;
    if (this.values > fileLimits.values) throw new InputError(`more than ${fileLimits.values} values`);
  }
}

function isPacked(value: Value | undefined): value is PackedNumbers {
  return ArrayBuffer.isView(value);
}

function wrong(path: string, expected: string, value: Value | undefined): InputError {
  return new InputError(
    `${path}: expected ${expected}; got ${value === undefined ? "nothing" : quoted(value)}`,
  );
}

/** The object at `key` of `parent`; `path` is the parent's, for the error. */
export function objectAt(parent: Document, key: string, path: string): Document {
  const value = parent[key];
  if (typeof value !== "object" || value === null || Array.isArray(value) || isPacked(value)) {
    throw wrong(`${path}.${key}`, "an object", value);
  }
  return value as Document;
}

/** The object at `index` of a list; `path` is the list's. */
export function objectIn(items: readonly Value[], index: number, path: string): Document {
  return objectAt({ [index]: items[index] }, String(index), path);
}

export function stringAt(parent: Document, key: string, path: string): string {
  const value = parent[key];
  if (typeof value !== "string") throw wrong(`${path}.${key}`, "a string", value);
  return value;
}

/** A whole number of 0 or more, as a number or, the way XGBoost stores parameters, as a string of digits. */
export function countAt(parent: Document, key: string, path: string, fallback?: number): number {
  const value = parent[key] ?? fallback;
  const count = typeof value === "string" && /^\d{1,10}$/.test(value) ? Number(value) : value;
  if (typeof count !== "number" || !Number.isInteger(count) || count < 0) {
    throw wrong(`${path}.${key}`, "a whole number of 0 or more", value);
  }
  return count;
}

export function listAt(parent: Document, key: string, path: string): readonly Value[] {
  const value = parent[key];
  if (!Array.isArray(value)) throw wrong(`${path}.${key}`, "a list", value);
  return value;
}

/** Strings of the list at `key`; an absent or null list is empty. */
export function stringsAt(parent: Document, key: string, path: string): readonly string[] {
  const value = parent[key] ?? [];
  // An empty list of a binary file may carry any element type.
  if (isPacked(value) && value.length === 0) return [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) {
    throw wrong(`${path}.${key}`, "a list of strings", value);
  }
  return value as string[];
}

/** Numbers of the list at `key`, exactly `length` of them where it is given; null reads as NaN, booleans as 0 and 1. */
export function numbersAt(parent: Document, key: string, path: string, length?: number): ArrayLike<number> {
  const value = parent[key];
  const list = isPacked(value) ? value : toNumbers(value, `${path}.${key}`);
  if (length !== undefined && list.length !== length) {
    throw new InputError(`${path}.${key}: expected ${length} numbers; got ${list.length}`);
  }
  return list;
}

function toNumbers(value: Value | undefined, path: string): ArrayLike<number> {
  if (!Array.isArray(value)) throw wrong(path, "a list of numbers", value);
  if (value.every((item) => typeof item === "number")) return value as number[];
  return Float64Array.from(value as Value[], (item) => {
    if (item === null) return Number.NaN;
    if (typeof item === "boolean") return item ? 1 : 0;
    if (typeof item !== "number") throw wrong(path, "a list of numbers", item);
    return item;
  });
}
