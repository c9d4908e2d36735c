// Where things lie in the shared memory: told once by `configure`, read by every kernel of this instance.

export let bins: usize = 0;
export let columnBins: usize = 0;
export let allRows: usize = 0;
export let stride: usize = 0;
export let lanes: i32 = 1;
export let countBits: i64 = 0;
export let gradients: usize = 0;
export let target: usize = 0;
export let search: usize = 0;
export let features: usize = 0;
export let runs: usize = 0;
export let nodes: usize = 0;
export let tables: usize = 0;
/** This instance's own room for the rows at hand. */
export let staging: usize = 0;

export function configure(
  binsAt: usize,
  columnBinsAt: usize,
  rowCount: usize,
  strideBytes: usize,
  laneCount: i32,
  bitsOfCount: i32,
  gradientsAt: usize,
  targetAt: usize,
  searchAt: usize,
  featuresAt: usize,
  runsAt: usize,
  nodesAt: usize,
  tablesAt: usize,
  stagingAt: usize,
): void {
  bins = binsAt;
  columnBins = columnBinsAt;
  allRows = rowCount;
  stride = strideBytes;
  lanes = laneCount;
  countBits = bitsOfCount as i64;
  gradients = gradientsAt;
  target = targetAt;
  search = searchAt;
  features = featuresAt;
  runs = runsAt;
  nodes = nodesAt;
  tables = tablesAt;
  staging = stagingAt;
}

/** The row at `index` of a list of uint32 numbers; list 0 is the rows in order. */
export function rowAt(list: usize, index: i32): usize {
  return list === 0 ? (index as usize) : (load<u32>(list + ((index as usize) << 2)) as usize);
}
