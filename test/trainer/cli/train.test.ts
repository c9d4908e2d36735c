// appraise train from rows to a folder: what it leaves there, what it prints, and that a run can be had again.

import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseExplanation } from "#core/bundle/explanation.ts";
import { Manifest } from "#core/bundle/manifest.ts";
import { asAmounts } from "#core/bundle/metrics-kind.ts";
import { parseSpec } from "#core/dataset/spec.ts";
import { feedsOf } from "#core/onnx/feeds.ts";
import { loadModel } from "#core/onnx/model.ts";
import { sha256Hex } from "../../../trainer/dataset/snapshot.ts";
import { appraise, type Outcome } from "./command.ts";
import { makeSmallDataset, type SmallDataset } from "./small-dataset.ts";

interface Report {
  readonly dataset: string;
  readonly best: string;
  readonly data: { rows: number; trainRows: number; testRows: number };
  readonly models: {
    id: string;
    family: string;
    params: Record<string, unknown>;
    metrics: Record<"heldOut" | "crossValidated", { meanAbsoluteError: number }>;
  }[];
  readonly candidates: { family: string; crossValidated: { meanAbsoluteError: number } }[];
}

let small: SmallDataset;
let out: string;
let first: Outcome;
let report: Report;

const trainSmall = (...more: string[]) => appraise(["train", "--dataset", small.spec, "--json", ...more]);
const readManifest = (folder: string) =>
  Manifest.parse(JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")));

beforeAll(async () => {
  small = makeSmallDataset();
  out = join(small.folder, "out");
  first = await trainSmall("--out", out);
  expect(first.stderr, "a failed run would fail every test below").not.toMatch(/^appraise:/m);
  report = JSON.parse(first.stdout) as Report;
});
afterAll(() => rmSync(small.folder, { recursive: true }));

describe("train --out", () => {
  it("prints one JSON document; bars and lines go to standard error", () => {
    expect(first.code).toBe(0);
    expect(report.dataset).toBe("houses");
    expect(first.stderr).toContain(
      "403 rows read, 400 kept; dropped 1 missing-target, 1 invalid-level, 1 out-of-range",
    );
    expect(report.data).toMatchObject({ rows: 400, trainRows: 300, testRows: 100 });
  });

  it("leaves the best model on top and every model in its own folder", () => {
    const ids = report.models.map(({ id }) => id);
    const files = [
      "card.html",
      "explain.json",
      "held-out.bin",
      "manifest.json",
      "metrics.json",
      "model.onnx",
    ];
    expect(readdirSync(out).sort()).toEqual([...ids, ...files].sort());
    expect(readManifest(out).id).toBe(report.best);
    expect(report.best).toBe(ids[0]);
    for (const id of ids) expect(readManifest(join(out, id)).id).toBe(id);
    expect(JSON.parse(readFileSync(join(out, "metrics.json"), "utf8"))).toEqual(report);
  });

  it("ranks models and candidates by cross-validated error: held-out rows choose nothing", () => {
    const errors = report.models.map(({ metrics }) => metrics.crossValidated.meanAbsoluteError);
    expect(errors.length).toBeGreaterThan(2);
    expect(errors).toEqual([...errors].sort((a, b) => a - b));
    const linear = report.candidates.filter(({ family }) => family === "linear");
    const scores = linear.map(({ crossValidated }) => crossValidated.meanAbsoluteError);
    expect(scores.length).toBeGreaterThan(1);
    expect(scores).toEqual([...scores].sort((a, b) => a - b));
  });

  it("names its files by hash, and its probes by the prices that the file gives", async () => {
    const spec = parseSpec(readFileSync(small.spec, "utf8"), small.spec);
    for (const { id } of report.models) {
      const manifest = readManifest(join(out, id));
      const onnx = new Uint8Array(readFileSync(join(out, id, "model.onnx")));
      // A mean has nothing to explain.
      const explained = manifest.family === "mean" ? [] : ["explain.json"];
      expect(manifest.files.map(({ name }) => name)).toEqual([
        "model.onnx",
        ...explained,
        "card.html",
        "held-out.bin",
      ]);
      for (const { name, bytes, sha256 } of manifest.files) {
        const content = new Uint8Array(readFileSync(join(out, id, name)));
        expect([content.length, await sha256Hex(content)]).toEqual([bytes, sha256]);
      }
      const rows = manifest.probes.map(({ row }) => row);
      const prices = loadModel(onnx).predict(feedsOf(spec, rows), rows.length);
      expect([...prices]).toEqual(manifest.probes.map(({ prediction }) => prediction));
      expect(rows.length).toBe(100);
      expect(rows.some((row) => !("age" in row))).toBe(true);
    }
  });

  it("measures every level, and its intervals hold about what they promise on held-out rows", () => {
    const { metrics, conformal, ranges, data } = readManifest(out);
    expect(metrics.segments.map(({ level }) => level)).toEqual(["Ulm", "Bonn, old", "Köln"]);
    const rows = metrics.segments.reduce((sum, segment) => sum + segment.metrics.rows, 0);
    expect(rows).toBe(metrics.heldOut.rows);
    expect(conformal).toMatchObject({ scale: "log", residuals: "out-of-fold" });
    const { complete, required } = conformal.groups;
    // Every training row calibrates what it is, and with its one optional feature hidden.
    expect(required?.rows).toBe(data.trainRows);
    expect(complete?.rows).toBeGreaterThan(0.5 * data.trainRows);
    expect(complete?.rows).toBeLessThan(data.trainRows);
    expect(metrics.intervals?.map(({ given }) => given)).toContain("required");
    for (const { coverage, within } of metrics.intervals ?? [])
      expect(within).toBeGreaterThan(coverage - 0.1);
    // The noise is at most 5 % either way: nine tenths of the rows lie well within a tenth of the price.
    const [given] = metrics.intervals ?? [];
    expect(given.meanWidth / asAmounts(metrics.heldOut)!.meanAbsoluteError).toBeGreaterThan(1);
    expect(given.meanWidth / asAmounts(metrics.heldOut)!.meanAbsoluteError).toBeLessThan(6);
    expect(ranges.area.maximum).toBeLessThanOrEqual(200);
  });

  it("tells forms of a typical row of the data, of what matters, and where the numbers lie", () => {
    const { training, ranges } = readManifest(out);
    const { town, area, age } = training?.typical ?? {};
    const lines = small.csv.split("\n");
    expect(
      lines.some(
        (line) => line.startsWith(`${area},`) && line.includes(String(town)) && line.includes(`,${age},`),
      ),
    ).toBe(true);
    const { importance = null, quantiles } = training ?? {};
    expect(Object.keys(importance ?? {})).toEqual(["area", "town", "age"]);
    expect(Object.values(importance ?? {}).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 2);
    expect(importance?.area).toBeGreaterThan(importance?.age ?? 1);
    expect([quantiles?.area[0], quantiles?.area[6]]).toEqual([ranges.area.minimum, ranges.area.maximum]);
  });

  it("draws a card with importance and intervals, and explains what the graph does not hold", () => {
    for (const { id, family, params } of report.models.filter((model) => model.family !== "mean")) {
      const card = readFileSync(join(out, id, "card.html"), "utf8");
      for (const title of ["By contribution to the price", "Promised and kept coverage", "Provenance"])
        expect(card, id).toContain(title);
      const explanation = parseExplanation(JSON.parse(readFileSync(join(out, id, "explain.json"), "utf8")));
      // Main effects are explained as what boosters start from.
      const hasColumns = family === "linear" && params.form === "columns";
      expect(explanation.kind).toBe(hasColumns ? "linear" : "trees");
    }
  });

  it("gives the same bytes again for the same seed, in whatever order the rows come", async () => {
    const [header, ...lines] = small.csv.trimEnd().split("\n");
    const again = join(small.folder, "again");
    const { code } = await appraise(
      ["train", "--dataset", small.spec, "--source", "-", "--out", again, "--json"],
      { input: [header, ...lines.reverse(), ""].join("\n") },
    );
    expect(code).toBe(0);
    const ids = report.models.map(({ id }) => id);
    expect(readdirSync(again).sort()).toEqual(readdirSync(out).sort());
    for (const id of ids) {
      expect(readFileSync(join(again, id, "model.onnx"))).toEqual(readFileSync(join(out, id, "model.onnx")));
    }
  });

  it("gives another split and another model for another seed, and one model where one is asked for", async () => {
    const other = join(small.folder, "other");
    const { code, stdout } = await trainSmall(
      "--seed",
      "9",
      "--models",
      "1",
      "--family",
      "linear",
      "--out",
      other,
    );
    expect(code).toBe(0);
    const { models } = JSON.parse(stdout) as Report;
    expect(models.map(({ family }) => family)).toEqual(["linear"]);
    expect(report.models.map(({ id }) => id)).not.toContain(models[0].id);
    expect(existsSync(join(other, models[0].id))).toBe(false);
    expect(readManifest(other).seed).toBe(9);
  });

  it("prints a table for people", async () => {
    const { code, stdout } = await appraise(["train", "--dataset", small.spec, "--family", "linear"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^family +candidate +CV MAE +MAE +RMSE +MAPE +R2 +model\n/);
    expect(stdout).toMatch(/linear-[0-9a-f]{12} best\n/);
  });

  it("reads NDJSON as it reads CSV", async () => {
    const [, ...lines] = small.csv.trimEnd().split("\n");
    const input = lines
      .map((line) => {
        const [, area, town, age, rent] = /^(\d+),"?([^"]+?)"?,(\d*),(\d*)$/.exec(line) ?? [];
        return JSON.stringify({ area: +area, town, age: age ? +age : null, rent: rent ? +rent : null });
      })
      .join("\n");
    const { code, stdout } = await appraise(
      ["train", "--dataset", small.spec, "--source", "-", "--format", "ndjson", "--json"],
      { input },
    );
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as Report).best).toBe(report.best);
  });
});

describe("the real diamonds", () => {
  it("beat the reference of a linear model: R2 above .95, MAE under 404 dollars", {
    timeout: 300_000,
  }, async () => {
    const { code, stdout } = await appraise([
      "train",
      "--dataset",
      "diamonds",
      "--family",
      "linear",
      "--models",
      "1",
      "--json",
    ]);
    expect(code).toBe(0);
    const { models, data } = JSON.parse(stdout) as Report;
    expect(data).toMatchObject({ rows: 53_772, trainRows: 43_018, testRows: 10_754 });
    const [{ metrics }] = models as unknown as Pick<Manifest, "metrics">[];
    expect(metrics.heldOut.rows).toBe(10_754);
    expect(asAmounts(metrics.heldOut)?.r2Score).toBeGreaterThan(0.95);
    expect(asAmounts(metrics.heldOut)?.meanAbsoluteError).toBeLessThan(404);
  });
});
