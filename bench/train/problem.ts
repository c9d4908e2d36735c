// The data sets of bench:train: the real diamonds, and seeded random ones of any size.
import { join } from "node:path";
import { logarithm } from "#core/onnx/logarithm.ts";
import { loadDataset } from "../../trainer/dataset/find-dataset.ts";
import { openSource, readRows } from "../../trainer/dataset/source.ts";
import { numbersOf } from "../../trainer/effects/matrix.ts";
import { toMatrix } from "../../trainer/families/boosting/boosted-model.ts";
import { prepareData } from "../../trainer/prepare.ts";
import { type Random, seeded } from "../../trainer/random.ts";

/** Columns of numbers with their target, in parts for fitting and judging. */
export interface Problem {
  readonly name: string;
  readonly trees: number;
  readonly train: Part;
  readonly test: Part;
}

export interface Part {
  readonly columns: readonly Float32Array[];
  readonly target: Float32Array;
}

/** The diamonds: numbers, and ordered grades as numbers, against the logarithm of the price. */
export async function diamonds(trees: number): Promise<Problem> {
  const { spec, directory } = loadDataset(join(import.meta.dirname, "../../data/diamonds"));
  const { format, path } = spec.source;
  const rows = readRows(spec, format as "csv", await openSource(path, directory), path);
  const { train, test } = await prepareData(spec, rows, spec.split.seed);
  const partOf = (table: typeof train): Part => ({
    columns: toMatrix(spec, table, false).features.map(numbersOf),
    target: Float32Array.from(table.target, logarithm),
  });
  return { name: "diamonds", trees, train: partOf(train), test: partOf(test) };
}

/** Friedman's first problem (1991, "Multivariate adaptive regression splines") with more columns of noise; a fifth as many rows to judge on, at most 100,000. */
export function synthetic(rows: number, features: number, trees: number): Problem {
  const random = seeded(rows + features);
  const testRows = Math.min(100_000, rows / 5);
  const short = (count: number) => (count >= 1e6 ? `${count / 1e6}M` : `${count / 1e3}k`);
  return {
    name: `${short(rows)} x ${features}`,
    trees,
    train: drawPart(rows, features, random),
    test: drawPart(testRows, features, random),
  };
}

function drawPart(rows: number, features: number, random: Random): Part {
  const columns = Array.from({ length: features }, () => {
    const column = new Float32Array(rows);
    for (let row = 0; row < rows; row++) column[row] = random();
    return column;
  });
  const target = new Float32Array(rows);
  const [a, b, c, d, e] = columns;
  for (let row = 0; row < rows; row++) {
    const joint = 10 * Math.sin(Math.PI * a[row] * b[row]);
    target[row] = joint + 20 * (c[row] - 0.5) ** 2 + 10 * d[row] + 5 * e[row] + normal(random);
  }
  return { columns, target };
}

/** Box-Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
