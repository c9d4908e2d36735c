// The model card: complete, self-contained, safe with hostile names, and drawn from whatever a dataset has.

import { Window } from "happy-dom";
import { describe, expect, it } from "vitest";
import type { Trial } from "#core/bundle/manifest.ts";
import { asAmounts } from "#core/bundle/metrics-kind.ts";
import { judgeChallenger } from "#core/metrics/gate.ts";
import type { CardInput } from "../../../trainer/card/card-input.ts";
import { renderCard } from "../../../trainer/card/render-card.ts";
import { seeded } from "../../../trainer/random.ts";
import { cardInput, gemSpec } from "./card-input.ts";

function parse(card: string) {
  const window = new Window();
  window.document.write(card);
  return window.document;
}

/** Number of the section's drawn charts. */
function charts(card: string, section: string): number {
  return parse(card).querySelectorAll(`#${section} figure svg`).length;
}

const trials: Trial[] = Array.from({ length: 40 }, (_, number) => ({
  number,
  params: { rate: 0.01 * (number + 1), depth: (number % 7) + 3, kind: number % 2 ? "a" : "b" },
  state: number === 5 ? "failed" : number % 6 === 4 ? "pruned" : "complete",
  value: number === 5 || number % 6 === 4 ? null : 300 - number,
  reports: number === 5 ? [] : [310 - number],
  seconds: 1,
  ...(number === 5 ? { error: "out of <memory>" } : {}),
}));

function gateOf({ spec, heldOut }: CardInput): CardInput["gate"] {
  const champion = Float64Array.from(heldOut.predicted, (price) => price * 1.2);
  const report = judgeChallenger(
    { spec, table: heldOut.table, actual: heldOut.actual, champion, challenger: heldOut.predicted },
    { random: seeded(1) },
  );
  return { ...report, champion: { id: "linear-ffffffffffff", title: "Linear model: before" } };
}

describe("renderCard", () => {
  const input = cardInput();
  const importance = [
    { feature: "size", gain: 3, meanAbsoluteShap: 0.5 },
    { feature: "cut", gain: 1, meanAbsoluteShap: 0.1 },
  ];
  const full = renderCard({ ...input, trials, importance, gate: gateOf(input) });

  it("draws every section", () => {
    const ids = [...parse(full).querySelectorAll("section")].map(({ id }) => id);
    expect(ids).toEqual([
      "accuracy",
      "champion",
      "errors",
      "intervals",
      "importance",
      "search",
      "data",
      "provenance",
    ]);
    expect(charts(full, "accuracy")).toBe(2);
    expect(charts(full, "champion")).toBe(3);
    expect(charts(full, "errors")).toBe(3);
    expect(charts(full, "intervals")).toBe(6);
    expect(charts(full, "importance")).toBe(2);
    expect(charts(full, "search")).toBe(1 + 3);
    expect(charts(full, "data")).toBe(1);
  });

  it("names every chart for those who cannot see it", () => {
    const figures = [...parse(full).querySelectorAll("figure")];
    for (const figure of figures) {
      const svg = figure.querySelector("svg");
      expect(svg?.getAttribute("role")).toBe("img");
      expect(svg?.getAttribute("aria-label")).toMatch(/\w+ /);
      expect(figure.querySelector("h3")?.textContent).toMatch(/\w/);
    }
    expect(parse(full).querySelectorAll("figure > figcaption").length).toBeGreaterThan(12);
  });

  it("states the figures of the manifest", () => {
    const text = parse(full).body.textContent;
    const { meanAbsoluteError, r2Score } = asAmounts(input.manifest.metrics.heldOut)!;
    expect(text).toContain(`€${Math.round(meanAbsoluteError)}`);
    expect(text).toContain(r2Score!.toFixed(4));
    for (const part of [
      "Surely better than the champion",
      "out of <memory>",
      "equal to row 16",
      "a".repeat(64),
      "CC0",
    ])
      expect(text).toContain(part);
  });

  it("needs no network and no script", () => {
    expect(full).toContain("default-src 'none'");
    expect(full).not.toMatch(/<script|\bon\w+=|@import|url\(|<link|<img|<iframe/i);
    // Namespaces are names, not addresses.
    expect(full.replaceAll(/xmlns(:\w+)?="[^"]*"/g, "")).not.toMatch(/https?:/);
  });

  it("is the same for the same input", () => {
    expect(renderCard({ ...input, trials, importance, gate: gateOf(input) })).toBe(full);
  });

  it("stays small with many rows", () => {
    const many = cardInput(gemSpec(), 20_000);
    expect(renderCard({ ...many, trials }).length).toBeLessThan(600_000);
  });

  it("escapes whatever names and messages hold", () => {
    const hostile = `"><img src=x onerror=alert(1)><script>alert(2)</script>&amp;'`;
    const spec = gemSpec();
    const poisoned = {
      ...spec,
      title: hostile,
      source: { ...spec.source, attribution: hostile },
      target: { ...spec.target, title: hostile },
      features: spec.features.map((feature) => ({
        ...feature,
        title: hostile,
        ...(feature.type === "category" ? { levels: feature.levels.map((level) => hostile + level) } : {}),
      })),
    } as typeof spec;
    const one = cardInput(poisoned);
    const card = renderCard({
      ...one,
      manifest: {
        ...one.manifest,
        title: hostile,
        report: { coefficients: [{ name: hostile, coefficient: 1, standardError: 1 }] },
      },
      trials: trials.map((trial) => ({ ...trial, params: { [hostile]: trial.number, kind: hostile } })),
      gate: gateOf(one),
    });
    const document = parse(card);
    expect(document.querySelectorAll("script, img, iframe, object, embed")).toHaveLength(0);
    for (const element of document.querySelectorAll("*"))
      for (const { name } of element.attributes) expect(name).not.toMatch(/^on/);
    expect(document.title).toContain(hostile);
  });
});

describe("cards of other datasets", () => {
  it("draws amounts where the target is not on a log scale", () => {
    const spec = gemSpec({ target: { name: "weight", unit: "kg", transform: "none" } });
    const card = renderCard(cardInput(spec));
    expect(card).toContain(" kg");
    expect(charts(card, "errors")).toBe(3);
  });

  it("does without categories, without champion, search and importance", () => {
    const spec = gemSpec({ features: [gemSpec().features[0]], similar: undefined });
    const card = renderCard(cardInput(spec));
    const ids = [...parse(card).querySelectorAll("section")].map(({ id }) => id);
    expect(ids).toEqual(["accuracy", "errors", "intervals", "data", "provenance"]);
    expect(charts(card, "errors")).toBe(1);
  });

  it("draws the shares of gain that a family reports", () => {
    const one = cardInput();
    const card = renderCard({
      ...one,
      manifest: { ...one.manifest, report: { importance: { size: 0.75, cut: 0.25 } } },
    });
    expect(charts(card, "importance")).toBe(1);
    expect(parse(card).querySelector("#importance svg")?.getAttribute("aria-label")).toContain(
      "Size 75.0 %, Cut 25.0 %",
    );
  });

  it("does with one held-out row", () => {
    expect(charts(renderCard(cardInput(gemSpec(), 1)), "accuracy")).toBe(2);
  });

  it("draws the most frequent of very many levels and says so", () => {
    const levels = Array.from({ length: 60 }, (_, i) => `level ${i}`);
    const cut = { ...gemSpec().features[1], levels };
    const spec = gemSpec({ features: [gemSpec().features[0], cut as never] });
    const one = cardInput(spec);
    const codes = Int32Array.from({ length: 400 }, (_, i) => i % 60);
    const table = { ...one.heldOut.table, columns: { ...one.heldOut.table.columns, cut: codes } };
    const [judged] = one.intervals;
    const rows = judged.rows.map((row, i) => ({ ...row, cut: levels[i % 60] }));
    const card = renderCard({
      ...one,
      heldOut: { ...one.heldOut, table },
      intervals: [{ ...judged, rows }],
    });
    expect(card).toContain("36 levels with fewer rows are not drawn");
  });

  it("refuses held-out values that do not fit together", () => {
    const one = cardInput();
    const render = (changes: Partial<CardInput["heldOut"]>) => () =>
      renderCard({ ...one, heldOut: { ...one.heldOut, ...changes } });
    expect(render({ predicted: [1] })).toThrow("expected 400 actual and predicted values; got 400 and 1");
    expect(render({ predicted: new Float64Array(400).fill(Number.NaN) })).toThrow(
      "held-out row 0 has prediction NaN",
    );
  });
});
