// A study of a registered family on prepared data, in worker threads.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asAmounts } from "#core/bundle/metrics-kind.ts";
import type { RawRow } from "../../../trainer/dataset/raw-row.ts";
import { families } from "../../../trainer/families/index.ts";
import { linear } from "../../../trainer/families/linear/linear.ts";
import { type PreparedData, prepareData } from "../../../trainer/prepare.ts";
import { silentProgress } from "../../../trainer/progress.ts";
import { crossValidate } from "../../../trainer/search/cross-validation.ts";
import { studyFamily } from "../../../trainer/search/family-study.ts";
import { foldsOf } from "../../../trainer/search/search.ts";
import { drawWorkshops, workshops } from "../../synthetic-dataset.ts";

const folder = mkdtempSync(join(tmpdir(), "family-study-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const space = {
  numbers: { type: "category", choices: ["log", "raw"] },
  powers: { type: "int", low: 1, high: 3 },
  shrinkage: { type: "float", low: 0.01, high: 100, log: true },
} as const;

describe("studyFamily", () => {
  let data: PreparedData;
  beforeAll(async () => {
    const rows = drawWorkshops(600).map(
      ({ row, rent }, i): RawRow => ({ row: i + 1, values: { ...row, rent } }),
    );
    data = await prepareData(workshops, rows, 7);
  });
  const study = (changes: object = {}) =>
    studyFamily(data, "linear", foldsOf(data), {
      space,
      budget: { trials: 14 },
      threads: 2,
      fixed: { target: "log" },
      initial: [{ numbers: "raw", powers: 1, shrinkage: 1 }],
      ...changes,
    });

  it("finds better parameters than it starts from, and scores as cross-validation does", async () => {
    const { trials, best } = await study();
    expect(trials).toHaveLength(14);
    expect(trials.filter(({ state }) => state === "failed")).toEqual([]);
    expect(best!.params.numbers).toBe("log");
    expect(best!.value).toBeLessThan(0.95 * trials[0].value!);
    const params = linear.params.parse({ target: "log", ...best!.params });
    const again = await crossValidate(
      workshops,
      linear,
      { name: "best", params },
      data.train,
      foldsOf(data),
      {
        seed: data.seed,
        progress: silentProgress.task("", 1).update,
      },
    );
    expect(best!.value).toBeCloseTo(asAmounts(again!.crossValidated)!.meanAbsoluteError, 9);
    expect(best!.reports).toHaveLength(5);
  });

  it("names an unknown family, a parameter the family refuses, and a journal of other rows", async () => {
    const journal = join(folder, "study.jsonl");
    await study({ journal, budget: { trials: 3 } });
    await expect(study({ journal, fixed: { target: "none" } })).rejects.toThrow("its subject differs");
    await expect(study({ space: { powers: { type: "int", low: 8, high: 9 } }, initial: [] })).rejects.toThrow(
      "/powers",
    );
    await expect(
      studyFamily(data, "forest", foldsOf(data), { space, budget: { trials: 1 }, threads: 1 }),
    ).rejects.toThrow(`family: expected one of ${Object.keys(families).join(", ")}; got forest`);
  });
});
