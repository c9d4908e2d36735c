// appraise streams try: what it prints for a table of its own, and what it refuses.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seeded } from "#core/random.ts";
import { appraise } from "./command.ts";

let folder: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "appraise-streams-"));
  file = join(folder, "meter.csv");
  const random = seeded(3);
  const lines = Array.from({ length: 300 }, (_, at) => {
    const [heat, kind] = [Math.round(random() * 300) / 10, ["gas", "oil"][Math.floor(random() * 2)]];
    const use = 100 - 2 * heat + (kind === "oil" ? 20 : 0);
    return `${at % 50 === 0 ? "" : heat},${kind},${use.toFixed(1)},${use > 80 ? "high" : "low"}`;
  });
  writeFileSync(file, ["heat,kind,use,level", ...lines].join("\n"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("streams try", () => {
  it("tries every learner of numbers, and prints their metrics as a table", async () => {
    const { code, stdout } = await appraise(["streams", "try", file, "--target", "use"]);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split("\n");
    expect(lines[0]).toMatch(/^learner +MAE +RMSE +R2 +bias +rows\/s +kB/);
    for (const name of ["mean", "last", "linear", "mondrian", "mixture"])
      expect(stdout).toMatch(new RegExp(`^${name} +[\\d.]+ `, "m"));
  });

  it("tells classes by their names, and gives one document for programs, the same for the same seed", async () => {
    const argv = [
      "streams",
      "try",
      file,
      "--target",
      "level",
      "--learner",
      "linear",
      "adaptiveForest",
      "--json",
    ];
    const { code, stdout } = await appraise(argv);
    expect(code).toBe(0);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ task: "classes", rows: 300, columns: ["heat", "kind", "use"] });
    expect([...document.classes].sort()).toEqual(["high", "low"]);
    const [linear, forest] = document.learners;
    expect([linear.learner, forest.learner]).toEqual(["linear", "adaptiveForest"]);
    expect(linear.metrics.accuracyScore).toBeGreaterThan(0.8);
    expect(forest.metrics.confusion.flat().reduce((sum: number, one: number) => sum + one, 0)).toBe(300);
    expect(forest.bytes).toBeGreaterThan(1000);
    const again = JSON.parse((await appraise(argv)).stdout);
    expect(again.learners[1].metrics).toEqual(forest.metrics);
  });

  it.each([
    [["--target", "usee"], /no column "usee".*did you mean "?use/],
    [["--target", "use", "--learner", "hoeffding"], /--learner: expected one of .* got "hoeffding"/],
    [["--target", "use", "--learner", "hoeffdingTree"], /for regression; got "hoeffdingTree"/],
    [["--target", "kind", "--task", "regression"], /--task: kind holds no numbers/],
    [["--target", "use", "--seed", "-1"], /--seed: expected a whole number/],
  ])("refuses %j in one line, with code 2", async (argv, line) => {
    const { code, stderr } = await appraise(["streams", "try", file, ...argv]);
    expect(code).toBe(2);
    expect(
      stderr
        .trim()
        .split("\n")
        .filter((one) => one.startsWith("appraise:")),
    ).toHaveLength(1);
    expect(stderr).toMatch(line);
  });
});
