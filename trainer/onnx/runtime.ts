// onnxruntime as the independent judge of what we write: the same bytes, somebody else's arithmetic.
import * as ort from "onnxruntime-web/wasm";
import { InputError } from "#core/api/problem.ts";
import type { Feeds } from "#core/onnx/model.ts";

// One thread: with more, the order of additions would depend on the machine.
ort.env.wasm.numThreads = 1;

/** Rows a run, which bounds the memory that a large table takes inside the runtime. */
const batchRows = 8192;
const errorsOnly = 3;

/** Runs ONNX bytes over `rows` rows in onnxruntime; every output of numbers, row after row. Throws InputError where it refuses the bytes. */
export async function runInOnnxruntime(
  bytes: Uint8Array,
  feeds: Feeds,
  rows: number,
): Promise<Readonly<Record<string, Float64Array>>> {
  const parts = await runBlocks(bytes, feeds, rows);
  const numeric = Object.entries(parts).filter(([, blocks]) => typeof blocks[0]?.[0] !== "string");
  return Object.fromEntries(
    numeric.map(([name, blocks]) => [
      name,
      Float64Array.from(blocks.flatMap((block) => [...(block as Numbers)])),
    ]),
  );
}

/** The same for every output of texts, one a row. */
export async function textsInOnnxruntime(
  bytes: Uint8Array,
  feeds: Feeds,
  rows: number,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const parts = await runBlocks(bytes, feeds, rows);
  const textual = Object.entries(parts).filter(([, blocks]) => typeof blocks[0]?.[0] === "string");
  return Object.fromEntries(textual.map(([name, blocks]) => [name, blocks.flat() as string[]]));
}

type Numbers = Float64Array | Float32Array;

/** Every output's values, block after block of rows. */
async function runBlocks(
  bytes: Uint8Array,
  feeds: Feeds,
  rows: number,
): Promise<Readonly<Record<string, (Numbers | string[])[]>>> {
  let session: ort.InferenceSession;
  try {
    session = await ort.InferenceSession.create(bytes, {
      executionProviders: ["wasm"],
      logSeverityLevel: errorsOnly,
    });
  } catch (error) {
    throw new InputError(`model: onnxruntime refuses it: ${(error as Error).message}`);
  }
  try {
    const results = Object.fromEntries(
      session.outputNames.map((name) => [name, [] as (Numbers | string[])[]]),
    );
    for (let start = 0; start < rows; start += batchRows) {
      const end = Math.min(start + batchRows, rows);
      const batch: Record<string, ort.Tensor> = {};
      for (const name of session.inputNames) {
        const values = feeds[name];
        if (!values) throw new InputError(`model: nothing to feed its input "${name}" with`);
        batch[name] =
          values instanceof Float32Array
            ? new ort.Tensor("float32", values.slice(start, end), [end - start, 1])
            : new ort.Tensor("string", values.slice(start, end) as string[], [end - start, 1]);
      }
      for (const [name, { data }] of Object.entries(await session.run(batch)))
        results[name].push(data as Numbers | string[]);
    }
    return results;
  } finally {
    await session.release();
  }
}
