// appraise import: a model of a real library judged, measured, published and gated like any other; bad files end with exit code 2.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseExplanation } from "#core/bundle/explanation.ts";
import { Manifest } from "#core/bundle/manifest.ts";
import { asAmounts } from "#core/bundle/metrics-kind.ts";
import { feedsOf } from "#core/onnx/feeds.ts";
import { loadModel } from "#core/onnx/model.ts";
import { seeded } from "../../../trainer/random.ts";
import { fixtures, spec } from "../import/fixtures.ts";
import { appraise } from "./command.ts";
import { type PretendApi, startPretendApi } from "./pretend-api.ts";

const models = join(import.meta.dirname, "../../fixtures/import");
const fixtureOf = (wanted: string) => fixtures.find(({ name }) => name === wanted)!;
const fixture = fixtureOf("xgboost-3-log-target");
const fileOf = (name: string) => join(models, name);

let folder: string;
let api: PretendApi;

/** The library's own predictions, a few percent off, as the prices: a good model, and not a perfect one. */
function writeStones({ rows, predictions }: typeof fixture) {
  const random = seeded(3);
  const columns = [...spec.features.map(({ name }) => name), spec.target.name];
  const lines = rows.map((row, at) => {
    const price = Math.exp(predictions[at][0]) * (0.95 + 0.1 * random());
    return columns.map((name) => (name === spec.target.name ? price : (row[name] ?? ""))).join(",");
  });
  writeFileSync(join(folder, "stones.csv"), [columns.join(","), ...lines, ""].join("\n"));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "appraise-import-"));
  writeStones(fixture);
  writeFileSync(join(folder, "dataset.json"), JSON.stringify(spec));
  writeFileSync(join(folder, "cut.json"), readFileSync(fileOf(fixture.model)).subarray(0, 4000));
  api = await startPretendApi(spec.name);
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});

const run = (file: string, ...argv: string[]) =>
  appraise(["import", file, "--dataset", "./dataset.json", ...argv], {
    cwd: folder,
    env: { APPRAISE_TOKEN: api.token },
  });

describe("import --out", () => {
  afterAll(() => writeStones(fixture));

  it.each([
    ["xgboost", "xgboost-3-log-target"],
    ["lightgbm", "lightgbm-4-log-target"],
  ])(
    "leaves a bundle that prices as %s did, and says that it may have seen the held-out rows",
    async (library, name) => {
      const fixture = fixtureOf(name);
      writeStones(fixture);
      const out = join(folder, library);
      const { code, stdout, stderr } = await run(
        fileOf(fixture.model),
        ...["--target", "log", "--out", out, "--json"],
      );
      expect(code, stderr).toBe(0);
      expect(readdirSync(out).sort()).toEqual([
        ...["card.html", "explain.json", "held-out.bin", "manifest.json", "metrics.json", "model.onnx"],
      ]);
      const manifest = Manifest.parse(JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")));
      expect(JSON.parse(stdout).best).toBe(manifest.id);
      expect(manifest).toMatchObject({
        family: "imported",
        params: { imported: true, library, heldOutRows: "may have been seen in training" },
        metrics: { crossValidated: null },
        conformal: { residuals: "held-out" },
      });
      expect(asAmounts(manifest.metrics.heldOut)?.meanAbsolutePercentageError).toBeLessThan(0.05);
      const onnx = loadModel(new Uint8Array(readFileSync(join(out, "model.onnx"))));
      onnx.predict(feedsOf(spec, fixture.rows), fixture.rows.length).forEach((price, at) => {
        expect(price / Math.exp(fixture.predictions[at][0])).toBeCloseTo(1, 5);
      });
      const card = readFileSync(join(out, "card.html"), "utf8");
      expect(card).toContain("which this model may have seen");
      expect(card).toContain("of the held-out rows, and are judged here on the others");
      const judged = manifest.metrics.intervals?.[0].rows ?? 0;
      expect(judged).toBeGreaterThan(0);
      expect(judged).toBeLessThan(manifest.data.testRows);
      const explanation = parseExplanation(JSON.parse(readFileSync(join(out, "explain.json"), "utf8")));
      expect(explanation.kind).toBe("trees");
    },
  );
});

describe("import --publish", () => {
  it("publishes, and goes through the champion's gate", async () => {
    const publish = ["--publish", api.url];
    const weak = await run(fileOf("xgboost-3-squared.json"), ...publish, "--target", "none");
    expect(weak.stderr).toMatch(/imported-[0-9a-f]{12} is now champion: no champion yet/);
    const first = api.champion;
    const good = await run(fileOf(fixture.model), ...publish, "--target", "log");
    expect([good.code, good.stdout]).toEqual([0, expect.stringMatching(/^model .*\n-+.*\nimported-/)]);
    expect(good.stderr).toMatch(/is now champion: held-out MAE .* against the champion's/);
    expect(api.models.get(api.champion ?? "")?.manifest.parent).toBe(first);
    const worse = await run(fileOf("xgboost-3-squared.json"), ...publish, "--target", "none");
    expect(worse.stderr).toMatch(/not promoted: .* not surely better/);
  });
});

describe("a model of prices read as one of logarithms, or the other way round", () => {
  it.each([
    ["xgboost-3-squared.json", "log", /median price is \S+e\+\d+ times .* say --target none/],
    [fixture.model, "none", /median price is 0\.0\d+ times .* say --target log/],
  ])("%s with --target %s is refused, with the remedy", async (file, target, message) => {
    const { code, stderr } = await run(fileOf(file), "--target", target);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });
});

describe("a file that is none of ours ends with one line and exit code 2", () => {
  it.each([
    ["absent.json", /absent\.json: no such file/],
    [".", /\.: expected a file/],
    ["stones.csv", /stones\.csv: unknown format; expected XGBoost/],
    ["cut.json", /cut\.json: /],
    [fileOf("xgboost-3-multi-output.json"), /models of several targets are not read/],
    [fileOf("lightgbm-4-linear-tree.txt"), /linear/],
    [fileOf("xgboost-3-softmax.json"), /gives probabilities of classes; expected a regression of price/],
  ])("%s", async (file, message) => {
    const { code, stdout, stderr } = await run(file);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect([code, stdout]).toEqual([2, ""]);
  });
});
