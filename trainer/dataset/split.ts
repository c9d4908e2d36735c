// Splits by hash of what a row says, never by where it stands: equal things stay together and order does not matter.
import type { Row } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";

/** Rows with equal features, as indices into the rows that were given. */
interface Group {
  readonly key: string;
  readonly hash: number;
  readonly indices: number[];
}

/** 53 bits of a text and a seed: cyrb53 (bryc, public domain), two interleaved multiplicative hashes. */
function hashText(text: string, seed: number): number {
  let a = 0xdeadbeef ^ seed;
  let b = 0x41c6ce57 ^ seed;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}

/** Groups of rows with equal features, in an order that only `seed`, `salt` and the features decide. */
function groupRows(spec: DatasetSpec, rows: readonly Row[], seed: number, salt: string): Group[] {
  const groups = new Map<string, Group>();
  rows.forEach((row, index) => {
    // Rounded as models see numbers: what is one thing to the model must not be on both sides.
    const key = JSON.stringify(
      spec.features.map(({ name }) => {
        const value = row[name];
        return typeof value === "number" ? Math.fround(value) : (value ?? null);
      }),
    );
    const group = groups.get(key);
    if (group) group.indices.push(index);
    else groups.set(key, { key, hash: hashText(salt + key, seed), indices: [index] });
  });
  return [...groups.values()].sort((a, b) => a.hash - b.hash || (a.key < b.key ? -1 : 1));
}

export interface Split {
  /** Ascending indices into the rows. */
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/**
 * Train and test part. Rows with equal features are always on one side; the test part holds `testShare` of the rows, rounded,
 * or at most one group more. The same rows and seed give the same parts in whatever order the rows come.
 */
export function splitRows(
  spec: DatasetSpec,
  rows: readonly Row[],
  options: { testShare: number; seed: number },
): Split {
  const wanted = Math.round(rows.length * options.testShare);
  const test: number[] = [];
  const train: number[] = [];
  for (const { indices } of groupRows(spec, rows, options.seed, "split")) {
    (test.length < wanted ? test : train).push(...indices);
  }
  return { train: Int32Array.from(train).sort(), test: Int32Array.from(test).sort() };
}

/**
 * The fold, 0 to `folds` - 1, of every row. Rows with equal features share a fold, folds differ in size by at most a group;
 * the row order does not matter.
 */
export function assignFolds(
  spec: DatasetSpec,
  rows: readonly Row[],
  options: { folds: number; seed: number },
): Uint8Array {
  const assigned = new Uint8Array(rows.length);
  let done = 0;
  for (const { indices } of groupRows(spec, rows, options.seed, "fold")) {
    const fold = Math.floor((done * options.folds) / rows.length);
    for (const index of indices) assigned[index] = fold;
    done += indices.length;
  }
  return assigned;
}
