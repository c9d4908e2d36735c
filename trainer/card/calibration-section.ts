// Whether the intervals keep what they promise: coverage and width, overall, by price, by category and by what is given.
import * as Plot from "@observablehq/plot";
import { defaultCoverage } from "#core/bundle/conformal.ts";
import { toTable } from "#core/dataset/table.ts";
import { type Coverage, intervalsOf, type JudgedRows, measureCoverage } from "../intervals/judged-rows.ts";
import { type CardView, titleOf } from "./card-view.ts";
import { type Figure, labelMargin } from "./figure.ts";
import { html, renderTable } from "./html.ts";
import { groupByLevel, omissionNote } from "./levels.ts";
import { formatCount, formatShare } from "./number-format.ts";
import { groupByValue } from "./quantiles.ts";
import type { Section } from "./section.ts";

/** Coverages of the overall figure. */
const shownCoverages = [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.99];
const promise = formatShare(defaultCoverage, 0);

interface Calibration extends Coverage {
  readonly label: string;
  /** Where the true coverage may lie, given so few rows: Wilson's interval at 95 %. */
  readonly low: number;
  readonly high: number;
}

/** A group of rows with how its intervals do. */
type Judge = (label: string, chosen: readonly number[]) => Calibration;

function judgeAt(view: CardView, set: JudgedRows, coverage: number): Judge {
  const intervals = intervalsOf(view.spec, view.manifest, set, coverage);
  return (label, chosen) => {
    const measured = measureCoverage(intervals, set.actual, chosen, coverage);
    const { rows, within } = measured;
    const z2 = 1.96 ** 2;
    const centre = (within + z2 / (2 * rows)) / (1 + z2 / rows);
    const half =
      (1.96 / (1 + z2 / rows)) * Math.sqrt((within * (1 - within)) / rows + z2 / (4 * rows * rows));
    return { ...measured, label, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
  };
}

const everyRow = ({ rows }: JudgedRows) => Array.from(rows.keys());

const head = ["Rows", "Within", "Mean width", "Interval score"];

function cells({ rows, within, meanWidth, intervalScore }: Calibration, { format }: CardView): string[] {
  return [formatCount(rows), formatShare(within), format.target(meanWidth), format.target(intervalScore)];
}

function overall(view: CardView, set: JudgedRows): Figure {
  const points = shownCoverages.map((coverage) => ({
    promised: coverage,
    ...judgeAt(view, set, coverage)(formatShare(coverage, 0), everyRow(set)),
  }));
  const percent = (value: number) => `${Math.round(100 * value)}`;
  return {
    title: "Promised and kept coverage",
    caption:
      "Each dot is an interval width; on the line, it holds as many actual values as it promises. Below the line intervals are too narrow.",
    alt: points.map((one) => `${one.label} promised, ${formatShare(one.within)} kept`).join("; "),
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
        Plot.dot(points, { x: "promised", y: "within", fill: "var(--first)", r: 4 }),
      ],
    },
    table: renderTable(
      "Coverage and width",
      ["Promised", ...head],
      points.map((one) => [one.label, ...cells(one, view)]),
    ),
  };
}

interface GroupText {
  /** What the groups are, as a heading. */
  readonly title: string;
  readonly note: string;
}

function coverageByGroup(view: CardView, { title, note }: GroupText, groups: readonly Calibration[]): Figure {
  const labels = groups.map(({ label }) => label);
  const lowest = groups.reduce((a, b) => (b.within < a.within ? b : a));
  return {
    title: `${promise} interval by ${title.toLowerCase()}`,
    caption: html`Dot: share of rows inside; thin line: what chance alone allows; vertical line: the promise. Right: mean width of the interval.${note}`,
    alt: `Coverage is lowest for ${lowest.label}: ${formatShare(lowest.within)}.`,
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
        Plot.ruleX([defaultCoverage], { stroke: "var(--second)", strokeWidth: 1.5 }),
        Plot.ruleY(groups, { y: "label", x1: "low", x2: "high", stroke: "var(--first)", strokeWidth: 1.5 }),
        Plot.dot(groups, { y: "label", x: "within", fill: "var(--first)", r: 4 }),
        Plot.text(groups, {
          y: "label",
          frameAnchor: "right",
          textAnchor: "end",
          dx: 54,
          text: ({ meanWidth }: Calibration) => view.format.short(meanWidth),
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

/** By tenths of a price, the predicted or the actual one. */
function byPrice(view: CardView, judge: Judge, prices: ArrayLike<number>, text: GroupText): Figure {
  const { format } = view;
  const groups = groupByValue(prices, 10).map((rows) => {
    const [first, last] = [prices[rows[0]], prices[rows[rows.length - 1]]];
    return judge(`${format.short(first)} – ${format.short(last)}`, rows);
  });
  // Two groups may read alike once shortened; a chart needs distinct names.
  const distinct = groups.map((group, i) =>
    groups.findIndex(({ label }) => label === group.label) === i
      ? group
      : { ...group, label: `${group.label} (${i + 1})` },
  );
  return coverageByGroup(view, text, distinct);
}

function byLevels(view: CardView, judge: Judge, { rows }: JudgedRows) {
  return groupByLevel(view.spec, toTable(view.spec, rows)).map((levels) => {
    const groups = levels.groups.map((group) => judge(group.label, group.rows));
    const title = titleOf(levels.feature);
    const figure = coverageByGroup(view, { title, note: omissionNote(levels) }, groups);
    return { title, figure, rank: view.leading.indexOf(levels.feature.name) };
  });
}

const givenLabels: Readonly<Record<JudgedRows["given"], string>> = {
  "as they are": "as they are",
  partial: "some hidden",
  required: "only required",
};

function byGiven(view: CardView, sets: readonly JudgedRows[]): Figure {
  const groups = sets.map((set) =>
    judgeAt(view, set, defaultCoverage)(givenLabels[set.given], everyRow(set)),
  );
  const note = " The same held-out rows, with optional features hidden: by chance, or all of them.";
  return coverageByGroup(view, { title: "What is given", note }, groups);
}

function leadOf({ manifest }: CardView): string {
  const { residuals, groups, normalised } = manifest.conformal;
  const rows = formatCount(Math.max(...Object.values(groups).map((group) => group?.rows ?? 0)));
  const scaled = normalised
    ? " Their width follows how far rows of that kind were missed; rows that lack features are calibrated by themselves."
    : "";
  const source =
    residuals === "held-out"
      ? `from the residuals of ${rows} of the held-out rows, and are judged here on the others`
      : `from ${rows} out-of-fold residuals of training rows, and are judged here on held-out rows`;
  return `Intervals are split-conformal, ${source}.${scaled}`;
}

/** Coverage and width of the intervals on held-out rows. */
export function calibrationSection(view: CardView): Section {
  const { intervals, targetTitle } = view;
  const [set] = intervals;
  const judge = judgeAt(view, set, defaultCoverage);
  const price = targetTitle.toLowerCase();
  const predicted = Float64Array.from(set.outputs, ({ prediction }) => prediction);
  const levels = byLevels(view, judge, set);
  const tenths = " Tenths of the rows, cheapest first.";
  return {
    id: "intervals",
    title: "Intervals",
    lead: leadOf(view),
    figures: [
      overall(view, set),
      ...(intervals.length > 1 ? [byGiven(view, intervals)] : []),
      byPrice(view, judge, predicted, { title: `Predicted ${price}`, note: tenths }),
      byPrice(view, judge, set.actual, {
        title: `Actual ${price}`,
        note: `${tenths} No interval can promise this: rows that sold for more than expected are among the dear ones for that reason.`,
      }),
      ...levels
        .filter(({ rank }) => rank >= 0)
        .sort((a, b) => a.rank - b.rank)
        .map(({ figure }) => figure),
    ],
    others: levels.filter(({ rank }) => rank < 0),
  };
}
