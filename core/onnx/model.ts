// A model that prices: ONNX bytes in, predictions out. Node, Workers and browsers get the same last digit.
import { InputError, quoted } from "../api/problem.ts";
import { compileModel } from "./compile.ts";
import { decodeModel, defaultLimits, type ModelLimits } from "./decode.ts";
import { blockRows, type Operand, widthOf } from "./operand.ts";
import { labelOutput, predictionOutput, probabilitiesOutput } from "./outputs.ts";

/** One column an input, as long as there are rows: numbers (NaN is missing) or texts ("" is missing). */
export type Feeds = Readonly<Record<string, Float32Array | readonly string[]>>;

export interface OnnxModel {
  readonly inputs: readonly { readonly name: string; readonly type: "float" | "string" }[];
  readonly outputs: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Numbers that `predict` gives a row: 1, or one a class. */
  readonly width: number;
  /** "prediction", or a classifier's "probabilities" row after row. Throws InputError for a missing, mistyped or short feed. */
  predict(feeds: Feeds, rows: number): Float64Array;
  /** Every output of numbers by name, row after row. Throws as `predict` does. */
  run(feeds: Feeds, rows: number): Readonly<Record<string, Float64Array>>;
  /** Every output of texts by name, one a row. Throws as `predict` does. */
  texts(feeds: Feeds, rows: number): Readonly<Record<string, readonly string[]>>;
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

/** What predicts: one number a row, or a classifier's probabilities beside its label. Throws InputError where there is neither. */
function findPrediction(outputs: ReadonlyMap<string, Operand>): Operand {
  const amount = outputs.get(predictionOutput);
  const probabilities = outputs.get(probabilitiesOutput);
  if (amount && amount.type !== "string" && widthOf(amount.dims) === 1) return amount;
  if (probabilities && probabilities.type !== "string" && outputs.get(labelOutput)?.type === "string")
    return probabilities;
  throw new InputError(
    `model: expected an output called "${predictionOutput}", or "${labelOutput}" and "${probabilitiesOutput}"`,
  );
}

/** Reads, checks and compiles ONNX bytes; throws InputError for whatever cannot be run safely. The bytes are not kept. */
export function loadModel(bytes: Uint8Array, limits: ModelLimits = defaultLimits): OnnxModel {
  const proto = decodeModel(bytes, limits);
  const { inputs, outputs, kernels } = compileModel(proto);
  const prediction = findPrediction(outputs);
  const entries = [...inputs];
  /** Calls `take` with every block of rows once the kernels ran over it. */
  const run = (feeds: Feeds, rows: number, take: (start: number, count: number) => void) => {
    const own = entries.map(([name, operand]) =>
      checkFeed(name, operand, Object.hasOwn(feeds, name) ? feeds[name] : undefined, rows),
    );
    for (let start = 0; start < rows; start += blockRows) {
      const count = Math.min(blockRows, rows - start);
      for (const feed of own) copyBlock(feed, start, count);
      for (const kernel of kernels) kernel(count);
      take(start, count);
    }
  };
  const numbersOf = (wanted: readonly Operand[], feeds: Feeds, rows: number) => {
    const widths = wanted.map(({ dims }) => widthOf(dims));
    const results = widths.map((width) => new Float64Array(rows * width));
    run(feeds, rows, (start, count) => {
      wanted.forEach(({ numbers }, at) => {
        const width = widths[at];
        const result = results[at];
        for (let i = 0; i < count * width; i++) result[start * width + i] = numbers[i];
      });
    });
    return results;
  };
  const named = <T>(all: readonly (readonly [string, Operand])[], results: readonly T[]) =>
    Object.fromEntries(all.map(([name], at) => [name, results[at]]));
  const numeric = [...outputs].filter(([, { type }]) => type !== "string");
  const textual = [...outputs].filter(([, { type }]) => type === "string");
  return {
    inputs: entries.map(([name, { type }]) => ({ name, type: type as "float" | "string" })),
    outputs: [...outputs.keys()],
    metadata: proto.metadata,
    width: widthOf(prediction.dims),
    predict: (feeds, rows) => numbersOf([prediction], feeds, rows)[0],
    run: (feeds, rows) =>
      named(
        numeric,
        numbersOf(
          numeric.map(([, operand]) => operand),
          feeds,
          rows,
        ),
      ),
    texts(feeds, rows) {
      const results = textual.map(() => new Array<string>(rows));
      run(feeds, rows, (start, count) => {
        textual.forEach(([, { texts }], at) => {
          for (let i = 0; i < count; i++) results[at][start + i] = texts[i];
        });
      });
      return named(textual, results);
    },
  };
}
