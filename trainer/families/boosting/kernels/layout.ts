// Where everything that the threads share lies in the one memory, and what each record holds.

/** A node is a row of float64 numbers (integers among them are exact), so that kernels and TypeScript read it alike. */
export const node = {
  /** Rows `start` to `start + count` of the row list `buffer` reached it. */
  start: 0,
  count: 1,
  /** Which row list: 0 is every row in order, 1 and 2 the two lists that take turns. */
  buffer: 2,
  /** Histogram slot, -1 for none. */
  slot: 3,
  depth: 4,
  /** Sums of its rows in fixed point: gradient, hessian (equal to `count` where hessians are constant). */
  gradient: 5,
  hessian: 6,
  /** Bounds on its weight that monotone constraints above it left. */
  low: 7,
  high: 8,
  /** Best split found: loss reduction (0 for none), feature, last bin that goes left, and what goes left. */
  gain: 9,
  feature: 10,
  bin: 11,
  defaultLeft: 12,
  leftGradient: 13,
  leftHessian: 14,
  leftCount: 15,
  /** Children, 0 for a leaf. */
  left: 16,
  right: 17,
  /** Leaf value, learning rate applied, float32. */
  value: 18,
  /** 1 where the best split is a set of levels. */
  isSet: 19,
  /** 1 where no split of it will be looked for, so that it needs no histogram. */
  isTerminal: 20,
  /** 1 for a leaf that was never handed its rows: its parent adds its value. */
  isFused: 21,
} as const;
export const nodeBytes = 24 * 8;

/** A node's routing table: 1 for each bin that goes left. */
export const tableBytes = 256;

/** What the split finder needs to know, float64 numbers. */
export const search = {
  /** One step of the fixed-point gradient and hessian. */
  gradientStep: 0,
  hessianStep: 1,
  lambda: 2,
  alpha: 3,
  minChildWeight: 4,
  /** 0 is unlimited. */
  maxDeltaStep: 5,
  /** 1 where weights are clipped (monotone constraints or a largest step). */
  isBounded: 6,
  /** What the gradients at hand are multiplied by to become fixed point. */
  gradientScale: 7,
  hessianScale: 8,
} as const;
export const searchNumbers = 16;

/** What a feature is to the split finder, int32 numbers. */
export const featureField = { bins: 0, hasMissing: 1, isSet: 2, monotone: 3 } as const;
export const featureBytes = 4 * 4;

/** The most bins of one feature, the missing one included. */
export const maxBins = 256;

/** int32 words of the control block. */
export const control = { limit: 0, next: 1, completed: 2, stop: 3, failed: 4 } as const;
export const taskRing = 4096;
/** Kind and four numbers. */
export const taskInts = 5;

export interface MemoryPlan {
  readonly rows: number;
  /** Training and validation rows together. */
  readonly allRows: number;
  readonly features: number;
  readonly outputs: number;
  /** 1 where every hessian is one, so that a bin holds gradient and count only; else 2. */
  readonly lanes: 1 | 2;
  /** Bits of a histogram word that count rows. */
  readonly countBits: number;
  readonly maxNodes: number;
  readonly slots: number;
  readonly slotBytes: number;
  readonly threads: number;
  readonly hasWeights: boolean;
  readonly hasProbabilities: boolean;
  readonly at: Offsets;
  readonly bytes: number;
}

/** Byte offsets of the regions. */
export interface Offsets {
  readonly control: number;
  readonly tasks: number;
  readonly results: number;
  readonly search: number;
  readonly features: number;
  /** Runs of adjacent columns that this tree may use: first, length pairs; how many stands after the room for all. */
  readonly runs: number;
  /** Columns that this level may split; how many stands after the room for all. */
  readonly columns: number;
  /** Each thread's own room for the rows at hand. */
  readonly staging: number;
  readonly cuts: number;
  readonly nodes: number;
  readonly tables: number;
  /** Bins, one byte a feature: row by row for histograms, which want all of a row, and column by column for routing, which wants one. */
  readonly bins: number;
  readonly columnBins: number;
  readonly margins: number;
  readonly target: number;
  readonly weights: number;
  readonly probabilities: number;
  readonly gradients: number;
  readonly rowsA: number;
  readonly rowsB: number;
  readonly histograms: number;
  /** Columns and keys while they are binned, over the regions that training fills later. */
  readonly scratch: number;
}

export interface MemoryNeeds extends Omit<MemoryPlan, "at" | "bytes" | "slotBytes" | "countBits"> {
  readonly featureHistogramBytes: number;
}

/** Lays the regions out one after the other, each at a multiple of 64 bytes. */
export function planMemory(needs: MemoryNeeds): MemoryPlan {
  const { rows, allRows, features, outputs, lanes, maxNodes, slots } = needs;
  const slotBytes = features * needs.featureHistogramBytes;
  // The start is left free: 0 must never be a valid address.
  let end = 1024;
  const region = (bytes: number) => {
    const start = end;
    end = Math.ceil((end + bytes) / 64) * 64;
    return start;
  };
  const before = {
    control: region(256),
    tasks: region(taskRing * taskInts * 4),
    results: region(taskRing * 16),
    search: region(searchNumbers * 8),
    features: region(features * featureBytes),
    runs: region((features + 1) * 8),
    columns: region((features + 1) * 4),
    staging: region(needs.threads * stagingBytes),
    cuts: region(features * maxBins * 4),
    nodes: region(maxNodes * nodeBytes),
    tables: region(maxNodes * tableBytes),
    bins: region(allRows * features + 64),
    columnBins: region(allRows * features),
    target: region(allRows * 4),
    weights: region(needs.hasWeights ? allRows * 4 : 0),
    margins: region(allRows * outputs * 4),
  };
  const scratch = end;
  const at = {
    ...before,
    probabilities: region(needs.hasProbabilities ? rows * outputs * 4 : 0),
    gradients: region(rows * 4 * lanes),
    rowsA: region(rows * 4),
    rowsB: region(rows * 4),
    histograms: region(slots * slotBytes),
    scratch,
  };
  const bytes = Math.max(end, scratch + needs.threads * binnerBytes(rows, allRows));
  return { ...needs, slotBytes, countBits: Math.ceil(Math.log2(rows + 1)), at, bytes };
}

/** What a thread stages of the rows at hand. */
export const stagingBytes = 4096;

/** Counters of the radix sort, right after its second half. */
const sortCounterBytes = 4 * 1024 + 64;

/** Bytes that one column needs while it is binned: its values, its sort keys and the sort's other half. */
export function binnerBytes(rows: number, allRows: number): number {
  return Math.ceil((allRows * 4 + 2 * rows * 4 + sortCounterBytes) / 64) * 64;
}
