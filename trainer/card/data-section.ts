// The rows the model was made from: how many, what was dropped and why, which features.
import * as Plot from "@observablehq/plot";
import { range } from "#core/dataset/row.ts";
import { type CardView, titleOf } from "./card-view.ts";
import { type Figure, labelMargin, logTicks, shortLabel } from "./figure.ts";
import { type Html, html, renderTable } from "./html.ts";
import { formatCount, formatNumber, formatShare } from "./number-format.ts";
import { countInBins } from "./quantiles.ts";
import type { Section } from "./section.ts";

function cleaningTable({ manifest }: CardView): Html {
  const { read, kept, dropped } = manifest.data.cleaning;
  const table = renderTable(
    "Rows dropped by each cleaning rule, in the order they were applied",
    ["Rule", "Rows"],
    [
      ["read", formatCount(read)],
      ...dropped.map(({ rule, count }) => [rule, count === 0 ? "0" : `− ${formatCount(count)}`]),
      ["kept", formatCount(kept)],
    ],
  );
  const examples = dropped.flatMap(({ rule, examples: some }) => some.map((one) => ({ rule, ...one })));
  if (examples.length === 0) return table;
  return html`${table}<details><summary>Examples of dropped rows</summary>${renderTable(
    "The first rows that each rule dropped",
    ["Row", "Rule", "Why"],
    examples.map(({ rule, row, detail }) => [formatCount(row), rule, detail]),
    3,
  )}</details>`;
}

function featureTable({ spec, manifest, heldOut }: CardView): Html {
  const rows = spec.features.map((feature) => {
    const trained = manifest.ranges[feature.name];
    const seen =
      feature.type === "category"
        ? feature.levels.join(feature.ordered ? " < " : ", ")
        : `${trained ? `${formatNumber(trained.minimum)} to ${formatNumber(trained.maximum)}` : "none"}${feature.unit ? ` ${feature.unit}` : ""}`;
    const isMissing = feature.type === "category" ? (cell: number) => cell < 0 : Number.isNaN;
    const absent = Array.from(heldOut.table.columns[feature.name]).filter(isMissing).length;
    return [
      titleOf(feature),
      feature.name,
      feature.type === "category"
        ? feature.ordered
          ? "ordered category"
          : "category"
        : `number${range(feature)}`,
      seen,
      feature.monotone ?? "–",
      feature.required ? "required" : formatShare(absent / heldOut.table.rows),
    ];
  });
  return html`<details><summary>All ${spec.features.length} features</summary>${renderTable(
    "Features, what the training rows held, and the share that is missing in the held-out rows",
    ["Feature", "Name", "Type", "Levels, or range in training", "Monotone", "Missing"],
    rows,
    6,
  )}</details>`;
}

function targetHistogram({ heldOut, relative, format, targetTitle }: CardView): Figure {
  const values = Array.from(heldOut.actual);
  const places = relative ? values.map(Math.log10) : values;
  const low = places.reduce((a, b) => Math.min(a, b));
  const high = places.reduce((a, b) => Math.max(a, b));
  const back = (place: number) => (relative ? 10 ** place : place);
  const drawn = countInBins(places, low, high).map(({ from, to, rows }) => ({
    from: back(from),
    to: back(to),
    rows,
  }));
  return {
    title: `${targetTitle} of the held-out rows`,
    caption: `How often each ${targetTitle.toLowerCase()} occurs${relative ? ", on a logarithmic axis" : ""}.`,
    alt: `Histogram from ${format.target(back(low))} to ${format.target(back(high))}.`,
    plot: {
      height: 250,
      marginLeft: 48,
      x: {
        type: relative ? "log" : "linear",
        label: `${targetTitle} →`,
        ticks: relative ? logTicks(back(low), back(high)) : 4,
        tickFormat: (value: number) => format.short(value),
      },
      y: { label: "↑ Rows", grid: true, ticks: 4, tickFormat: (value: number) => formatCount(value) },
      marks: [
        Plot.rectY(drawn, {
          x1: "from",
          x2: "to",
          y: "rows",
          fill: "var(--first)",
          insetLeft: 0.5,
          insetRight: 0.5,
        }),
        Plot.ruleY([0], { strokeOpacity: 0.4 }),
      ],
    },
  };
}

function classCounts({ manifest, targetTitle }: CardView): Figure {
  const bars = (manifest.classes?.counts ?? []).map(({ level, rows }) => ({
    label: shortLabel(level),
    rows,
  }));
  const labels = bars.map(({ label }) => label);
  return {
    title: `${targetTitle} of the training rows`,
    caption: "How many rows are of each class.",
    alt: bars.map(({ label, rows }) => `${label}: ${formatCount(rows)}`).join("; "),
    plot: {
      height: 66 + 25 * bars.length,
      marginLeft: labelMargin(labels),
      marginRight: 56,
      x: { label: "Rows →", grid: true, ticks: 4, tickFormat: (value: number) => formatCount(value) },
      y: { domain: labels, label: null, tickSize: 0 },
      marks: [
        Plot.barX(bars, { y: "label", x: "rows", fill: "var(--first)", insetTop: 3, insetBottom: 3 }),
        Plot.text(bars, {
          y: "label",
          x: "rows",
          text: ({ rows }: (typeof bars)[number]) => formatCount(rows),
          textAnchor: "start",
          dx: 5,
        }),
      ],
    },
  };
}

/** Rows, cleaning, features. */
export function dataSection(view: CardView): Section {
  const { data } = view.manifest;
  const { source } = view.spec;
  const origin = [source.path, source.licence, source.attribution].filter(Boolean).join(" · ");
  return {
    id: "data",
    title: "Data",
    lead: `${formatCount(data.rows)} rows: ${formatCount(data.trainRows)} to train on, ${formatCount(data.testRows)} held out. Source: ${origin.replace(/\.$/, "")}.`,
    figures: [view.spec.target.levels ? classCounts(view) : targetHistogram(view)],
    panels: [{ title: "Cleaning", content: cleaningTable(view) }],
    after: featureTable(view),
  };
}
