// Folds in threads: the same predictions as one after another, and clear ends where a fit is refused.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InputError } from "#core/api/problem.ts";
import { takeRows } from "#core/dataset/table.ts";
import type { RawRow } from "../../../trainer/dataset/raw-row.ts";
import { families } from "../../../trainer/families/index.ts";
import { type PreparedData, prepareData } from "../../../trainer/prepare.ts";
import { crossValidate } from "../../../trainer/search/cross-validation.ts";
import { FoldPool } from "../../../trainer/search/fold-pool.ts";
import { foldsOf } from "../../../trainer/search/search.ts";
import { drawWorkshops, workshops } from "../../synthetic-dataset.ts";

const { linear } = families;
const params = linear.params.parse({ target: "log" });
let data: PreparedData;
let pool: FoldPool;

beforeAll(async () => {
  const rows = drawWorkshops(200).map(
    ({ row, rent }, i): RawRow => ({ row: i + 1, values: { ...row, rent } }),
  );
  data = await prepareData(workshops, rows, 7);
  pool = new FoldPool({ spec: data.spec, train: data.train, folds: foldsOf(data), seed: data.seed }, 2);
});
afterAll(() => pool.close());

const validate = (options: object) =>
  crossValidate(data.spec, linear, { name: "line", params }, data.train, foldsOf(data), {
    seed: data.seed,
    progress: () => {},
    ...options,
  });

describe("a fold pool", () => {
  it("gives the same predictions as folds one after another, partial copies included", async () => {
    expect(pool.isWarm).toBe(false);
    await pool.predict({ family: "linear", params, fold: 0 }, () => {});
    expect(pool.isWarm).toBe(true);
    const seen: number[] = [];
    const pooled = await validate({ pool, progress: (done: number) => seen.push(done) });
    const alone = await validate({});
    expect(pooled!.outOfFold).toEqual(alone!.outOfFold);
    expect(pooled!.outOfFoldCopies).toEqual(alone!.outOfFoldCopies);
    expect(pooled!.outOfFoldCopies.length).toBeGreaterThan(0);
    expect(pooled!.crossValidated).toEqual(alone!.crossValidated);
    expect(seen.at(-1)).toBeCloseTo(foldsOf(data).count, 9);
  });

  it("tells what a family refuses as the family tells it, and takes the next fold", async () => {
    const wide = linear.params.parse({ target: "log", powers: 5, knots: 40, interactions: true });
    const train = takeRows(data.train, [...Array(12).keys()]);
    const folds = { count: 2, assigned: Uint8Array.from({ length: 12 }, (_, row) => row % 2) };
    const small = new FoldPool({ spec: data.spec, train, folds, seed: 1 }, 1);
    const refused = small.predict({ family: "linear", params: wide, fold: 0 }, () => {});
    const queued = small.predict({ family: "mean", params: {}, fold: 1 }, () => {});
    await expect(refused).rejects.toThrow(InputError);
    await expect(refused).rejects.toThrow(/expected at least 10 training rows; got 6/);
    expect((await queued).rows.length).toBe(6);
    await small.close();
  });

  it("refuses a family that is not in the registry, and goes on", async () => {
    await expect(pool.predict({ family: "forest", params, fold: 0 }, () => {})).rejects.toThrow();
    await expect(pool.predict({ family: "linear", params, fold: 2 }, () => {})).resolves.toBeDefined();
  });

  it("starts no thread for folds that still wait when it is closed, and rejects them", async () => {
    const folds = foldsOf(data);
    const closing = new FoldPool({ spec: data.spec, train: data.train, folds, seed: 1 }, 1);
    const all = [0, 1, 2, 3].map((fold) => closing.predict({ family: "linear", params, fold }, () => {}));
    const ends = Promise.allSettled(all);
    await closing.close();
    const outcomes = await ends;
    expect(outcomes.map(({ status }) => status)).toEqual(outcomes.map(() => "rejected"));
    expect(closing.isWarm).toBe(false);
  });
});
