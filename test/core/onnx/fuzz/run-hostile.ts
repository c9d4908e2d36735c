// What a file that nobody vouches for may do: be refused with InputError, or load and price the same rows alike each time. Nothing else.
import { InputError } from "#core/api/problem.ts";
import { type Feeds, loadModel, type OnnxModel } from "#core/onnx/model.ts";
import { blockRows } from "#core/onnx/operand.ts";

/** More than the evaluator takes at once, and no multiple of what its layouts take. */
const rows = blockRows + 3;
const values = [
  Number.NaN,
  0,
  -0,
  1,
  -1,
  2,
  3.5,
  1e-45,
  3.4e38,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
];
const texts = ["", "level 0", "level 1", "level 39", "constructor", "ä", "x".repeat(100)];

function feedsFor({ inputs }: OnnxModel): Feeds {
  return Object.fromEntries(
    inputs.map(({ name, type }, at) => [
      name,
      type === "float"
        ? Float32Array.from({ length: rows }, (_, row) => values[(row * (at + 1) + at) % values.length])
        : Array.from({ length: rows }, (_, row) => texts[(row * (at + 1) + at) % texts.length]),
    ]),
  );
}

const rowOf = (feeds: Feeds, row: number): Feeds =>
  Object.fromEntries(Object.entries(feeds).map(([name, column]) => [name, column.slice(row, row + 1)]));

/** Prices all rows twice, and some alone. Throws where two answers to a row differ by a bit. */
function priceAlike(model: OnnxModel): void {
  const feeds = feedsFor(model);
  const first = model.predict(feeds, rows);
  const second = model.predict(feeds, rows);
  for (let row = 0; row < rows; row++) {
    const isAlone = row < 3 || row >= blockRows;
    const one = isAlone ? model.predict(rowOf(feeds, row), 1)[0] : first[row];
    if (!Object.is(first[row], second[row]) || !Object.is(first[row], one))
      throw new Error(`row ${row} is priced ${first[row]}, then ${second[row]}, and alone ${one}`);
  }
}

/** "refused" when it is loaded or, for a number that its rows lead to, when it prices; "ran" else. Throws whatever else came of it. */
export function runHostile(bytes: Uint8Array): "refused" | "ran" {
  try {
    priceAlike(loadModel(bytes));
    return "ran";
  } catch (error) {
    if (error instanceof InputError) return "refused";
    throw error;
  }
}
