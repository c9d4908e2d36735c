// Tests of membership in sets of levels as columns of bytes. Sets that contain one another share a column: a level's code says which
// of them is the smallest that holds it, so membership is "code at most the set's rank".
import type { Tree } from "./ensemble.ts";
import { alwaysLeft, maxCuts, missingRight, type PackedTest } from "./packed-test.ts";

/** Sets over more levels than this are left to the slow road: a row's codes are looked up by level. */
const maxLevels = 4096;

/** One column: sets from the smallest to the largest, each as bits over the feature's known levels. */
interface Chain {
  readonly defaultLeft: number;
  readonly sets: LevelSet[];
}

interface LevelSet {
  readonly bits: Uint32Array;
  readonly size: number;
}

interface FeatureSets {
  /** Levels that any set names, in order of appearance. */
  readonly levels: Map<number, number>;
  readonly chains: Chain[];
  readonly placed: Map<string, { readonly chain: Chain; readonly set: LevelSet }>;
}

export interface SetColumns {
  encode(values: ArrayLike<number>, from: number, codes: Uint8Array, to: number): void;
  testOf(tree: Tree, node: number): PackedTest;
}

export class LevelSets {
  private readonly features = new Map<number, FeatureSets>();

  /** Takes the set at a split in; returns how many columns that added, or -1 where there was no room (`free` are left). */
  add(tree: Tree, node: number, free: number): number {
    const feature = tree.feature[node];
    let known = this.features.get(feature);
    if (!known) {
      known = { levels: new Map(), chains: [], placed: new Map() };
      this.features.set(feature, known);
    }
    const key = keyOf(tree, node);
    if (known.placed.has(key)) return 0;
    const set = toBits(known.levels, tree.members.get(node) ?? []);
    if (!set) return -1;
    const defaultLeft = tree.defaultLeft[node];
    for (const chain of known.chains) {
      if (chain.defaultLeft !== defaultLeft || !insert(chain.sets, set)) continue;
      known.placed.set(key, { chain, set });
      return 0;
    }
    if (free === 0) return -1;
    const chain = { defaultLeft, sets: [set] };
    known.chains.push(chain);
    known.placed.set(key, { chain, set });
    return 1;
  }

  /** Numbers the columns from `firstColumn`. */
  finish(firstColumn: number): SetColumns {
    const tests = new Map<number, Map<string, PackedTest>>();
    const tables: LevelTable[] = [];
    let column = firstColumn;
    for (const [feature, { levels, chains, placed }] of this.features) {
      const own = new Map<string, PackedTest>();
      for (const [key, { chain, set }] of placed) {
        own.set(key, (column + chains.indexOf(chain)) * 256 + chain.sets.indexOf(set));
      }
      tests.set(feature, own);
      tables.push(tabulate(feature, column, levels, chains));
      column += chains.length;
    }
    return {
      encode(values, from, codes, to) {
        for (const { feature, firstColumn: first, width, rowOf, codesOf } of tables) {
          const value = values[from + feature];
          const row = Number.isNaN(value) ? rowOf.size + 1 : (rowOf.get(value) ?? rowOf.size);
          const start = row * width;
          for (let i = 0; i < width; i++) codes[to + first + i] = codesOf[start + i];
        }
      },
      testOf: (tree, node) => tests.get(tree.feature[node])?.get(keyOf(tree, node)) ?? alwaysLeft,
    };
  }
}

/** The codes of one feature's columns by level; two more rows for a level that no set names and for a missing one. */
interface LevelTable {
  readonly feature: number;
  readonly firstColumn: number;
  readonly width: number;
  readonly rowOf: ReadonlyMap<number, number>;
  readonly codesOf: Uint8Array;
}

function tabulate(
  feature: number,
  firstColumn: number,
  levels: ReadonlyMap<number, number>,
  chains: readonly Chain[],
): LevelTable {
  const width = chains.length;
  const codesOf = new Uint8Array((levels.size + 2) * width);
  chains.forEach(({ sets, defaultLeft }, column) => {
    for (const row of levels.values()) {
      const smallest = sets.findIndex(({ bits }) => ((bits[row >> 5] ?? 0) >>> (row & 31)) & 1);
      codesOf[row * width + column] = smallest < 0 ? sets.length : smallest;
    }
    codesOf[levels.size * width + column] = sets.length;
    codesOf[(levels.size + 1) * width + column] = defaultLeft ? 0 : missingRight;
  });
  return { feature, firstColumn, width, rowOf: levels, codesOf };
}

function toBits(levels: Map<number, number>, members: readonly number[]): LevelSet | undefined {
  for (const level of members) {
    if (levels.has(level)) continue;
    if (levels.size === maxLevels) return undefined;
    levels.set(level, levels.size);
  }
  const bits = new Uint32Array(Math.ceil(levels.size / 32));
  for (const level of members) {
    const row = levels.get(level) as number;
    bits[row >> 5] |= 1 << (row & 31);
  }
  return { bits, size: new Set(members).size };
}

/** Puts `set` where the chain stays nested; false where it cannot be. */
function insert(sets: LevelSet[], set: LevelSet): boolean {
  if (sets.length >= maxCuts) return false;
  let at = 0;
  while (at < sets.length && sets[at].size < set.size) at++;
  if (at > 0 && !isWithin(sets[at - 1].bits, set.bits)) return false;
  if (at < sets.length && !isWithin(set.bits, sets[at].bits)) return false;
  sets.splice(at, 0, set);
  return true;
}

/** Whether every level of `inner` is one of `outer`; words beyond either's end are empty. */
function isWithin(inner: Uint32Array, outer: Uint32Array): boolean {
  for (let word = 0; word < inner.length; word++) {
    if ((inner[word] & ~(outer[word] ?? 0)) !== 0) return false;
  }
  return true;
}

function keyOf(tree: Tree, node: number): string {
  const members = tree.members.get(node) ?? [];
  return `${tree.defaultLeft[node]} ${[...members].sort((a, b) => a - b).join(" ")}`;
}
