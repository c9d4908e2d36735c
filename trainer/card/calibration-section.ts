// Whether the intervals keep what they promise: coverage and width, overall, by price and by category.
import * as Plot from "@observablehq/plot";
import { intervalAround } from "#core/bundle/conformal.ts";
import { quantileOf } from "#core/metrics/quantile.ts";
import { type CardView, titleOf } from "./card-view.ts";
import { type Figure, labelMargin } from "./figure.ts";
import { html, renderTable } from "./html.ts";
import { groupByLevel, omissionNote } from "./levels.ts";
import { formatCount, formatShare } from "./number-format.ts";
import { groupByValue } from "./quantiles.ts";
import type { Section } from "./section.ts";

/** The coverage that intervals are shown at in detail. */
const promised = 0.9;

interface Calibration {
  readonly label: string;
  readonly rows: number;
  readonly coverage: number;
  /** Where the true coverage may lie, given so few rows: Wilson's interval at 95 %. */
  readonly low: number;
  readonly high: number;
  /** Median width of the interval, in the target's unit and as a share of the prediction. */
  readonly width: number;
  readonly share: number;
}

function calibrate(view: CardView, label: string, rows: ArrayLike<number>, coverage: number): Calibration {
  const { heldOut, manifest } = view;
  const count = rows.length;
  const widths = new Float64Array(count);
  const shares = new Float64Array(count);
  let covered = 0;
  for (let i = 0; i < count; i++) {
    const predicted = heldOut.predicted[rows[i]];
    const { low, high } = intervalAround(manifest.conformal, predicted, coverage);
    if (heldOut.actual[rows[i]] >= low && heldOut.actual[rows[i]] <= high) covered++;
    widths[i] = high - low;
    shares[i] = (high - low) / Math.abs(predicted);
  }
  const share = covered / count;
  const z2 = 1.96 ** 2;
  const centre = (share + z2 / (2 * count)) / (1 + z2 / count);
  const half =
    (1.96 / (1 + z2 / count)) * Math.sqrt((share * (1 - share)) / count + z2 / (4 * count * count));
  return {
    label,
    rows: count,
    coverage: share,
    low: Math.max(0, centre - half),
    high: Math.min(1, centre + half),
    width: quantileOf(widths.sort(), 0.5),
    share: quantileOf(shares.sort(), 0.5),
  };
}

const head = ["Rows", "Within", "Median width", "of the prediction"];

function cells({ rows, coverage, width, share }: Calibration, { format }: CardView): string[] {
  return [formatCount(rows), formatShare(coverage), format.target(width), formatShare(share)];
}

function overall(view: CardView): Figure {
  const all = view.errors.map((_, row) => row);
  const points = [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.99].map((coverage) => ({
    promised: coverage,
    ...calibrate(view, formatShare(coverage, 0), all, coverage),
  }));
  const percent = (value: number) => `${Math.round(100 * value)}`;
  return {
    title: "Promised and kept coverage",
    caption:
      "Each dot is an interval width; on the line, it holds as many actual values as it promises. Below the line intervals are too narrow.",
    alt: points.map((one) => `${one.label} promised, ${formatShare(one.coverage)} kept`).join("; "),
    plot: {
      height: 340,
      marginLeft: 44,
      x: { domain: [0.48, 1], label: "Promised coverage, % →", tickFormat: percent, ticks: 5, grid: true },
      y: { domain: [0.48, 1], label: "↑ Held-out rows within, %", tickFormat: percent, ticks: 5, grid: true },
      marks: [
        Plot.line(
          [
            [0.48, 0.48],
            [1, 1],
          ],
          { stroke: "var(--second)", strokeWidth: 1.5 },
        ),
        Plot.ruleX(points, {
          x: "promised",
          y1: "low",
          y2: "high",
          stroke: "var(--first)",
          strokeWidth: 1.5,
        }),
        Plot.dot(points, { x: "promised", y: "coverage", fill: "var(--first)", r: 4 }),
      ],
    },
    table: renderTable(
      "Coverage and width",
      ["Promised", ...head],
      points.map((one) => [one.label, ...cells(one, view)]),
    ),
  };
}

function coverageByGroup(
  view: CardView,
  title: string,
  note: string,
  groups: readonly Calibration[],
): Figure {
  const labels = groups.map(({ label }) => label);
  const lowest = groups.reduce((a, b) => (b.coverage < a.coverage ? b : a));
  return {
    title: `${formatShare(promised, 0)} interval by ${title.toLowerCase()}`,
    caption: html`Dot: share of rows inside; thin line: what chance alone allows; vertical line: the promise. Right: median width of the interval.${note}`,
    alt: `Coverage is lowest for ${lowest.label}: ${formatShare(lowest.coverage)}.`,
    plot: {
      height: 66 + 25 * groups.length,
      marginLeft: labelMargin(labels),
      marginRight: 56,
      x: {
        domain: [Math.min(0.7, ...groups.map(({ low }) => low)), 1],
        label: "Rows inside, % →",
        tickFormat: (value: number) => `${Math.round(100 * value)}`,
        ticks: 5,
        grid: true,
      },
      y: { domain: labels, label: null, tickSize: 0 },
      marks: [
        Plot.ruleX([promised], { stroke: "var(--second)", strokeWidth: 1.5 }),
        Plot.ruleY(groups, { y: "label", x1: "low", x2: "high", stroke: "var(--first)", strokeWidth: 1.5 }),
        Plot.dot(groups, { y: "label", x: "coverage", fill: "var(--first)", r: 4 }),
        Plot.text(groups, {
          y: "label",
          frameAnchor: "right",
          textAnchor: "end",
          dx: 54,
          text: ({ width }: Calibration) => view.format.short(width),
          fill: "currentColor",
        }),
      ],
    },
    table: renderTable(
      title,
      [title, ...head],
      groups.map((one) => [one.label, ...cells(one, view)]),
    ),
  };
}

function byPrice(view: CardView): Figure {
  const { heldOut, format, targetTitle } = view;
  const groups = groupByValue(heldOut.predicted, 10).map((rows) => {
    const prices = rows.map((row) => heldOut.predicted[row]);
    const label = `${format.short(prices[0])} – ${format.short(prices[prices.length - 1])}`;
    return calibrate(view, label, rows, promised);
  });
  const title = `Predicted ${targetTitle.toLowerCase()}`;
  // Two groups may read alike once shortened; a chart needs distinct names.
  const distinct = groups.map((group, i) =>
    groups.findIndex(({ label }) => label === group.label) === i
      ? group
      : { ...group, label: `${group.label} (${i + 1})` },
  );
  return coverageByGroup(view, title, " Tenths of the rows, cheapest first.", distinct);
}

/** Coverage and width of the intervals on held-out rows. */
export function calibrationSection(view: CardView): Section {
  const byLevel = groupByLevel(view).map((levels) => {
    const groups = levels.groups.map(({ label, rows }) => calibrate(view, label, rows, promised));
    return coverageByGroup(view, titleOf(levels.feature), omissionNote(levels), groups);
  });
  const { rows, residuals } = view.manifest.conformal;
  return {
    id: "intervals",
    title: "Intervals",
    lead:
      residuals === "held-out"
        ? `Intervals are split-conformal, from the residuals of the ${formatCount(rows)} held-out rows themselves: overall they keep their promise by construction, by group they need not.`
        : `Intervals are split-conformal, from ${formatCount(rows)} out-of-fold residuals of training rows; they are judged here on held-out rows.`,
    figures: [overall(view), byPrice(view), ...byLevel],
  };
}
