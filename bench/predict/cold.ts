// A thread of its own, so that no code is warm: how long the first decode and compile of a model takes, and the first price.
import { parentPort, workerData } from "node:worker_threads";
import { loadModel } from "#core/onnx/model.ts";

const { bytes, feeds } = workerData as { bytes: Uint8Array; feeds: Record<string, Float32Array> };
const start = performance.now();
const model = loadModel(bytes);
const loaded = performance.now();
model.predict(feeds, 1);
const priced = performance.now();
const times: number[] = [];
for (let i = 0; i < 20; i++) {
  const again = performance.now();
  loadModel(bytes);
  times.push(performance.now() - again);
}
parentPort?.postMessage({
  firstMs: loaded - start,
  priceMs: priced - loaded,
  warmMs: times.sort((a, b) => a - b)[10],
});
