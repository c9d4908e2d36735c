// The kernels' WebAssembly module: what wasm.ts calls.
export { binColumn, sortKeys, toKeys } from "./binning";
export { addHistogram, clear, histogram, lastTouched, subtractHistogram } from "./histogram";
export {
  addSplitValues,
  addValue,
  largest,
  partition,
  partitionNode,
  quantize,
  residuals,
  walk,
} from "./rows";
export { configure } from "./setting";
export { findSplit } from "./split";
