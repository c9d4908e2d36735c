// Where the errors are: by size and by each category, so that a part of the range that is priced wrongly is seen.

import * as Plot from "@observablehq/plot";
import { nearestNumber } from "#core/dataset/nearest.ts";
import { quantileOf } from "#core/metrics/quantile.ts";
import { type CardView, titleOf, titleWithUnit } from "./card-view.ts";
import { type Figure, labelMargin } from "./figure.ts";
import { html, renderTable } from "./html.ts";
import { type FeatureLevels, groupByLevel, omissionNote } from "./levels.ts";
import { formatCount, formatNumber } from "./number-format.ts";
import { groupByValue, type Spread, spreadOf } from "./quantiles.ts";
import type { Section } from "./section.ts";

const spreadHead = ["Rows", "5 %", "25 %", "Median", "75 %", "95 %"];

function spreadCells({ rows, p5, p25, p50, p75, p95 }: Spread, { formatError }: CardView): string[] {
  return [formatCount(rows), ...[p5, p25, p50, p75, p95].map(formatError)];
}

function errorAxis({ formatError }: CardView) {
  return {
    label: "Error: left of zero too low, right too high →",
    grid: true,
    ticks: 5,
    tickFormat: (value: number) => formatError(value).replace(/\.0(?= %)/, ""),
  };
}

function byNumber(view: CardView, name: string): Figure | undefined {
  const { spec, heldOut, errors, formatError } = view;
  const feature = spec.features.find((one) => one.name === name);
  if (feature?.type !== "number") return undefined;
  const values = heldOut.table.columns[name];
  const groups = groupByValue(values, Math.max(4, Math.min(24, Math.floor(heldOut.table.rows / 40))));
  if (groups.length < 3) return undefined;
  const bins = groups.map((rows) => {
    const sorted = Float64Array.from(rows, (row) => values[row]).sort();
    const [low, middle, high] = [sorted[0], quantileOf(sorted, 0.5), sorted[sorted.length - 1]];
    return { low, middle, high, ...spreadOf(errors, rows) };
  });
  const log = bins[0].middle > 0 && bins[bins.length - 1].middle / bins[0].middle > 20;
  return {
    title: `Errors by ${titleOf(feature).toLowerCase()}`,
    caption: `Line: median error; dark band: the middle half of the rows; light band: nine in ten. ${bins.length} groups of equal size.`,
    alt: `Median error by ${titleOf(feature)} runs from ${formatError(bins[0].p50)} to ${formatError(bins[bins.length - 1].p50)}.`,
    plot: {
      height: 300,
      marginLeft: 52,
      x: { type: log ? "log" : "linear", label: `${titleWithUnit(feature)} →`, ticks: 5 },
      y: { ...errorAxis(view), label: "↑ Error (above zero: too high)" },
      marks: [
        Plot.areaY(bins, { x: "middle", y1: "p5", y2: "p95", fill: "var(--first)", fillOpacity: 0.16 }),
        Plot.areaY(bins, { x: "middle", y1: "p25", y2: "p75", fill: "var(--first)", fillOpacity: 0.32 }),
        Plot.line(bins, { x: "middle", y: "p50", stroke: "var(--first)", strokeWidth: 2 }),
        Plot.ruleY([0], { stroke: "var(--second)", strokeWidth: 1.5 }),
      ],
    },
    table: renderTable(
      `Errors by ${titleOf(feature)}`,
      [titleWithUnit(feature), ...spreadHead],
      bins.map((bin) => [`${formatNumber(bin.low)} to ${formatNumber(bin.high)}`, ...spreadCells(bin, view)]),
    ),
  };
}

function byLevel(view: CardView, levels: FeatureLevels): Figure {
  const bars = levels.groups.map(({ level, label, rows }) => ({
    level,
    label,
    ...spreadOf(view.errors, rows),
  }));
  const labels = bars.map(({ label }) => label);
  const title = titleOf(levels.feature);
  const widest = bars.reduce((a, b) => (b.p95 - b.p5 > a.p95 - a.p5 ? b : a));
  return {
    title: `Errors by ${title.toLowerCase()}`,
    caption: html`Tick: median; bar: the middle half of the rows; thin line: nine in ten.${omissionNote(levels)}`,
    alt: `Errors are widest for ${title} ${widest.label}: ${view.formatError(widest.p5)} to ${view.formatError(widest.p95)}.`,
    plot: {
      height: 66 + 27 * bars.length,
      marginLeft: labelMargin(labels),
      x: errorAxis(view),
      y: { domain: labels, label: null, tickSize: 0 },
      marks: [
        Plot.ruleX([0], { stroke: "var(--second)", strokeWidth: 1.5 }),
        Plot.ruleY(bars, { y: "label", x1: "p5", x2: "p95", stroke: "var(--first)", strokeWidth: 1.5 }),
        Plot.barX(bars, {
          y: "label",
          x1: "p25",
          x2: "p75",
          fill: "var(--first)",
          insetTop: 4,
          insetBottom: 4,
          rx: 3,
        }),
        Plot.tickX(bars, {
          y: "label",
          x: "p50",
          stroke: "var(--card)",
          strokeWidth: 2.5,
          insetTop: 4,
          insetBottom: 4,
        }),
      ],
    },
    table: renderTable(
      `Errors by ${title}`,
      [title, ...spreadHead],
      bars.map((bar) => [bar.level, ...spreadCells(bar, view)]),
    ),
  };
}

/** Errors by the size feature of the spec (its first number where none is named), and by each feature that matters; the others to choose. */
export function residualSection(view: CardView): Section {
  const { spec, leading, heldOut } = view;
  const size = nearestNumber(spec) ?? spec.features.find(({ type }) => type === "number")?.name;
  const levels = new Map(groupByLevel(spec, heldOut.table).map((one) => [one.feature.name, one] as const));
  const charts = spec.features.flatMap((feature) => {
    const { name, type, required } = feature;
    const groups = levels.get(name);
    const figure = groups ? byLevel(view, groups) : byNumber(view, name);
    const isShown = name === size || (leading.includes(name) && (type === "category" || required));
    return figure ? [{ name, isShown, title: titleOf(feature), figure }] : [];
  });
  // The size first, then what matters most.
  const rank = (name: string) => (name === size ? -1 : leading.indexOf(name));
  const shown = charts.filter(({ isShown }) => isShown).sort((a, b) => rank(a.name) - rank(b.name));
  return {
    id: "errors",
    title: "Where it errs",
    lead: "Errors of the held-out rows. A median far from zero means that a whole part of the range is priced too high or too low.",
    figures: shown.map(({ figure }) => figure),
    others: charts.filter(({ isShown }) => !isShown),
  };
}
