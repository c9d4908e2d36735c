// A model that prices: ONNX bytes in, predictions out. Node, Workers and browsers get the same last digit.
import { InputError, quoted } from "../api/problem.ts";
import { compileModel } from "./compile.ts";
import { decodeModel, defaultLimits, type ModelLimits } from "./decode.ts";
import { blockRows, type Operand } from "./operand.ts";
import { predictionOutput } from "./outputs.ts";

/** One column an input, as long as there are rows: numbers (NaN is missing) or texts ("" is missing). */
export type Feeds = Readonly<Record<string, Float32Array | readonly string[]>>;

export interface OnnxModel {
  readonly inputs: readonly { readonly name: string; readonly type: "float" | "string" }[];
  readonly outputs: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  /** The output "prediction", one number a row. Throws InputError for a missing, mistyped or short feed. */
  predict(feeds: Feeds, rows: number): Float64Array;
  /** Every output by name, one number a row. Throws as `predict` does. */
  run(feeds: Feeds, rows: number): Readonly<Record<string, Float64Array>>;
}

interface Feed {
  readonly operand: Operand;
  readonly values: Float32Array | readonly string[];
}

function checkFeed(name: string, operand: Operand, values: Feeds[string] | undefined, rows: number): Feed {
  const kind = operand.type === "string" ? "texts" : "numbers as Float32Array";
  const fits = operand.type === "string" ? Array.isArray(values) : values instanceof Float32Array;
  if (!values || !fits) throw new InputError(`feed ${quoted(name)}: expected ${kind}`);
  if (values.length !== rows)
    throw new InputError(`feed ${quoted(name)}: expected ${rows} values; got ${values.length}`);
  return { operand, values };
}

function copyBlock({ operand, values }: Feed, start: number, count: number): void {
  if (values instanceof Float32Array) {
    for (let i = 0; i < count; i++) operand.numbers[i] = values[start + i];
  } else {
    for (let i = 0; i < count; i++) operand.texts[i] = values[start + i];
  }
}

/** Reads, checks and compiles ONNX bytes; throws InputError for whatever cannot be run safely. The bytes are not kept. */
export function loadModel(bytes: Uint8Array, limits: ModelLimits = defaultLimits): OnnxModel {
  const proto = decodeModel(bytes, limits);
  const { inputs, outputs, kernels } = compileModel(proto);
  const prediction = outputs.get(predictionOutput);
  if (!prediction) throw new InputError(`model: expected an output called "${predictionOutput}"`);
  const entries = [...inputs];
  const run = (wanted: readonly (readonly [string, Operand])[], feeds: Feeds, rows: number) => {
    const own = entries.map(([name, operand]) =>
      checkFeed(name, operand, Object.hasOwn(feeds, name) ? feeds[name] : undefined, rows),
    );
    const results = wanted.map(() => new Float64Array(rows));
    for (let start = 0; start < rows; start += blockRows) {
      const count = Math.min(blockRows, rows - start);
      for (const feed of own) copyBlock(feed, start, count);
      for (const kernel of kernels) kernel(count);
      for (let at = 0; at < wanted.length; at++) {
        const { numbers } = wanted[at][1];
        for (let i = 0; i < count; i++) results[at][start + i] = numbers[i];
      }
    }
    return results;
  };
  const all = [...outputs];
  return {
    inputs: entries.map(([name, { type }]) => ({ name, type: type as "float" | "string" })),
    outputs: [...outputs.keys()],
    metadata: proto.metadata,
    predict: (feeds, rows) => run([[predictionOutput, prediction]], feeds, rows)[0],
    run(feeds, rows) {
      const results = run(all, feeds, rows);
      return Object.fromEntries(all.map(([name], at) => [name, results[at]]));
    },
  };
}
