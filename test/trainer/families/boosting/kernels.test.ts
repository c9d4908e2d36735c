// Single kernels of both makers against what they are to do, at the edges that whole fits rarely meet.
import { describe, expect, it } from "vitest";
import type { Kernels } from "../../../../trainer/families/boosting/kernels/kernels.ts";
import { control, planMemory } from "../../../../trainer/families/boosting/kernels/layout.ts";
import { findModule } from "../../../../trainer/families/boosting/kernels/module.ts";
import { plainFeatureBytes, plainKernels } from "../../../../trainer/families/boosting/kernels/plain.ts";
import { Views } from "../../../../trainer/families/boosting/kernels/views.ts";
import { wasmKernels } from "../../../../trainer/families/boosting/kernels/wasm.ts";
import { allocate } from "../../../../trainer/families/boosting/kernels/webassembly.ts";
import { taskKind } from "../../../../trainer/families/boosting/threads/task.ts";
import { enlist } from "../../../../trainer/families/boosting/threads/workers.ts";
import { seeded } from "../../../../trainer/random.ts";

const rows = 1000;
const plan = planMemory({
  rows,
  allRows: rows,
  features: 7,
  outputs: 1,
  lanes: 1,
  maxNodes: 1,
  slots: 2,
  threads: 2,
  hasWeights: false,
  hasProbabilities: false,
  featureHistogramBytes: plainFeatureBytes(1),
});
const module = findModule();

interface Bench {
  readonly views: Views;
  readonly kernels: Kernels;
}

const makers: Readonly<Record<string, () => Bench>> = {
  plain: () => {
    const memory = allocate(plan.bytes);
    return { views: new Views(memory, plan), kernels: plainKernels(memory, plan) };
  },
  wasm: () => {
    const memory = allocate(plan.bytes);
    return { views: new Views(memory, plan), kernels: wasmKernels(module!)(memory, plan, 0) };
  },
};

describe.each(Object.entries(makers))("%s", (_, make) => {
  const { views, kernels } = make();
  const random = seeded(9);

  it("keeps the order of floats in keys, and leaves NaN out", () => {
    const values = [3, -0, 0, Number.NaN, -2.5, 1e-40, -1e-40, 3.4e38, -3.4e38, Number.NaN, 2];
    const column = plan.at.scratch;
    const keys = column + 4096;
    views.floats.set(values, column >> 2);
    const count = kernels.toKeys(column, values.length, keys);
    expect(count).toBe(9);
    kernels.sortKeys(keys, keys + rows * 4, count);
    const sorted = Array.from(views.words.subarray(keys >> 2, (keys >> 2) + count));
    // Both zeros have one key, so the nine values have eight.
    expect(new Set(sorted).size).toBe(8);
    expect(sorted).toEqual(sorted.toSorted((a, b) => a - b));
  });

  it.each([0, 1, 2, 255, rows])("sorts %i keys", (count) => {
    const keys = plan.at.scratch;
    const own = Uint32Array.from({ length: count }, () => random() * 2 ** 32);
    views.words.set(own, keys >> 2);
    kernels.sortKeys(keys, keys + rows * 4, count);
    expect(views.words.slice(keys >> 2, (keys >> 2) + count)).toEqual(own.sort());
  });

  it.each([0, 1, 2, 3, 7, 127, 128, 254])("bins by %i cuts", (cutCount) => {
    const cuts = Float32Array.from({ length: cutCount }, (_, k) => k * 2);
    views.floats.set(cuts, views.cutsAddress(3) >> 2);
    const column = plan.at.scratch;
    const values = Float32Array.from({ length: rows }, (_, k) =>
      k % 10 === 9 ? Number.NaN : (k - 200) / 1.5,
    );
    views.floats.set(values, column >> 2);
    kernels.binColumn(column, rows, views.cutsAddress(3), cutCount, cutCount + 1, 3);
    const expected = Array.from(values, (value) =>
      Number.isNaN(value) ? cutCount + 1 : cuts.filter((cut) => cut <= value).length,
    );
    const byRow = expected.map((_, row) => views.bytes[plan.at.bins + row * 7 + 3]);
    const byColumn = Array.from(
      views.bytes.subarray(plan.at.columnBins + 3 * rows, plan.at.columnBins + 4 * rows),
    );
    expect(byRow).toEqual(expected);
    expect(byColumn).toEqual(expected);
  });

  it.each([0, 1, 500, rows])("routes rows of which %i go left, whole or in two halves", (leftCount) => {
    const table = views.tableAddress(0);
    views.bytes.fill(0, table, table + 256);
    views.bytes[table + 1] = 1;
    const isLeft = Array.from({ length: rows }, (_, row) => (row * 7919) % rows < leftCount);
    isLeft.forEach((left, row) => {
      views.bytes[plan.at.columnBins + 2 * rows + row] = left ? 1 : 2;
    });
    const lefts = isLeft.flatMap((left, row) => (left ? [row] : []));
    const out = plan.at.rowsB;
    const sides = () => {
      const moved = Array.from(views.words.subarray(out >> 2, (out >> 2) + rows));
      const sorted = (part: number[]) => part.sort((a, b) => a - b);
      return [sorted(moved.slice(0, leftCount)), sorted(moved.slice(leftCount))];
    };
    const expected = [lefts, isLeft.flatMap((left, row) => (left ? [] : [row]))];
    views.words.set([...isLeft.keys()], plan.at.rowsA >> 2);
    for (const list of [0, plan.at.rowsA]) {
      kernels.partitionNode(list, 0, rows, 2, table, out);
      expect(sides()).toEqual(expected);
      views.words.fill(0, out >> 2, (out >> 2) + rows);
      const place = (index: number) => out + index * 4;
      kernels.partition(list, rows - 1, 400, 2, table, place(leftCount - 1), place(rows - 1), -1);
      kernels.partition(list, 0, 600, 2, table, place(0), place(leftCount), 1);
      expect(sides()).toEqual(expected);
    }
  });

  it("rounds halves of a step to even", () => {
    views.floats.set([0.5, 1.5, 2.5, -0.5, -1.5, 0.49], plan.at.gradients >> 2);
    kernels.quantize(0, 6, 1, 1);
    expect(Array.from(views.ints.subarray(plan.at.gradients >> 2, (plan.at.gradients >> 2) + 6))).toEqual([
      0, 2, 2, 0, -2, 0,
    ]);
  });

  it("reports a gradient that is not a number", () => {
    views.floats.set([1, Number.NaN, 2, 3, 4], plan.at.gradients >> 2);
    expect(kernels.largest(0, 5, 0)).toBeNaN();
    expect(kernels.largest(2, 5, 0)).toBe(4);
  });
});

it("starts threads that take tasks", () => {
  const memory = allocate(plan.bytes);
  const { ints } = new Views(memory, plan);
  enlist(1, { memory, plan, module, objective: { name: "squaredError" }, bins: 255 });
  const words = ints.subarray(plan.at.control >> 2, (plan.at.control >> 2) + 16);
  ints.set([taskKind.gradients, 0, rows, 0, 0], plan.at.tasks >> 2);
  Atomics.store(words, control.limit, 1);
  Atomics.notify(words, control.limit);
  // This thread only waits, so the task is done if, and only if, a worker did it.
  Atomics.wait(words, control.completed, 0, 30_000);
  expect(Atomics.load(words, control.completed)).toBe(1);
  Atomics.store(words, control.stop, 1);
  Atomics.store(words, control.limit, -1);
  Atomics.notify(words, control.limit);
});
