// What other nouns may use of batches.
export { sendSlice } from "./slice-queue.ts";
export { listStalledBatches } from "./store/slices.ts";
