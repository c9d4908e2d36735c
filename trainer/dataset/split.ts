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

/** The groups by what their first row has in `strata`, each stratum in the groups' order; all in one where there is none. */
function byStratum(groups: readonly Group[], strata: ArrayLike<number> | undefined): Group[][] {
  if (!strata) return [[...groups]];
  const byValue = new Map<number, Group[]>();
  for (const group of groups) {
    const value = strata[group.indices[0]];
    const own = byValue.get(value);
    if (own) own.push(group);
    else byValue.set(value, [group]);
  }
  return [...byValue].sort(([a], [b]) => a - b).map(([, own]) => own);
}

export interface Split {
  /** Ascending indices into the rows. */
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/**
 * Train and test part. Rows with equal features are always on one side; the test part holds `testShare` of the rows, rounded,
 * or at most one group more. The same rows and seed give the same parts in whatever order the rows come.
 * With `strata`, one a row, each of them is split in that share.
 */
export function splitRows(
  spec: DatasetSpec,
  rows: readonly Row[],
  options: { testShare: number; seed: number; strata?: ArrayLike<number> },
): Split {
  const test: number[] = [];
  const train: number[] = [];
  for (const groups of byStratum(groupRows(spec, rows, options.seed, "split"), options.strata)) {
    const own = groups.reduce((sum, { indices }) => sum + indices.length, 0);
    // A class of few rows is in both parts, whatever the share.
    const least = options.strata && groups.length > 1 ? 1 : 0;
    const wanted = Math.max(least, Math.round(own * options.testShare));
    let taken = 0;
    for (const { indices } of groups) {
      (taken < wanted ? test : train).push(...indices);
      taken += indices.length;
    }
  }
  return { train: Int32Array.from(train).sort(), test: Int32Array.from(test).sort() };
}

/**
 * The fold, 0 to `folds` - 1, of every row. Rows with equal features share a fold, folds differ in size by at most a group;
 * the row order does not matter. With `strata`, one a row, each of them is dealt out by itself.
 */
export function assignFolds(
  spec: DatasetSpec,
  rows: readonly Row[],
  options: { folds: number; seed: number; strata?: ArrayLike<number> },
): Uint8Array {
  const assigned = new Uint8Array(rows.length);
  for (const groups of byStratum(groupRows(spec, rows, options.seed, "fold"), options.strata)) {
    const own = groups.reduce((sum, { indices }) => sum + indices.length, 0);
    let done = 0;
    for (const { indices } of groups) {
      const fold = Math.floor((done * options.folds) / own);
      for (const index of indices) assigned[index] = fold;
      done += indices.length;
    }
  }
  return assigned;
}
