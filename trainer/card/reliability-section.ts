// Whether probabilities and sets keep what they promise: what was said against what came true, and the sets' coverage in every class.
import * as Plot from "@observablehq/plot";
import { calibrationErrorOf, reliabilityBins } from "#core/metrics/classification.ts";
import type { CardView } from "./card-view.ts";
import { dashes, drawnClasses } from "./class-view.ts";
import { type Figure, labelMargin, shortLabel } from "./figure.ts";
import { renderTable } from "./html.ts";
import { formatCount, formatShare } from "./number-format.ts";
import type { Section } from "./section.ts";

function reliabilityFigure(view: CardView): Figure {
  const curves = drawnClasses(view).map(({ label, isOwn, probabilities }) => {
    const bins = reliabilityBins(isOwn, probabilities);
    return { label, bins, error: calibrationErrorOf(bins) };
  });
  const percent = (value: number) => `${Math.round(100 * value)}`;
  const axis = { domain: [0, 1], tickFormat: percent, ticks: 5, grid: true };
  return {
    title: "Said and come true",
    caption:
      "Held-out rows in tenths by the probability they were given; on the straight line, as many are of the class as was said.",
    alt: curves.map(({ label, error }) => `${label}: ${formatShare(error)} apart on average`).join("; "),
    plot: {
      height: 340,
      marginLeft: 44,
      x: { ...axis, label: "Said, % →" },
      y: { ...axis, label: "↑ Come true, %" },
      marks: [
        Plot.line(
          [
            [0, 0],
            [1, 1],
          ],
          { stroke: "var(--second)", strokeWidth: 1.5 },
        ),
        ...curves.flatMap(({ bins }, at) => [
          Plot.line(bins, {
            x: "meanProbability",
            y: "share",
            stroke: "var(--first)",
            strokeWidth: 1.5,
            strokeDasharray: dashes[at],
          }),
          Plot.dot(bins, { x: "meanProbability", y: "share", fill: "var(--first)", r: 3.5 }),
        ]),
      ],
    },
    table: renderTable(
      "Tenths of the rows",
      ["Class", "Rows", "Said", "Come true"],
      curves.flatMap(({ label, bins }) =>
        bins.map((bin) => [
          label,
          formatCount(bin.rows),
          formatShare(bin.meanProbability),
          formatShare(bin.share),
        ]),
      ),
    ),
  };
}

function setsFigure({ manifest }: CardView): Figure | undefined {
  const [asIs] = manifest.metrics.sets ?? [];
  if (!asIs) return undefined;
  const bars = asIs.classes.flatMap(({ level, rows, within }) =>
    within === null ? [] : [{ label: shortLabel(level), rows, within }],
  );
  const labels = bars.map(({ label }) => label);
  const promised = formatShare(asIs.coverage, 0);
  return {
    title: `Sets of ${promised} by class`,
    caption: `Dot: share of the class's rows whose set holds it; vertical line: the promise. A set has ${asIs.meanSize.toFixed(2)} classes on average.`,
    alt: bars.map(({ label, within }) => `${label}: ${formatShare(within)}`).join("; "),
    plot: {
      height: 70 + 25 * bars.length,
      marginLeft: labelMargin(labels),
      x: {
        domain: [Math.min(0.6, ...bars.map(({ within }) => within)), 1],
        label: "Rows whose set holds their class, % →",
        tickFormat: (value: number) => `${Math.round(100 * value)}`,
        ticks: 5,
        grid: true,
      },
      y: { domain: labels, label: null, tickSize: 0 },
      marks: [
        Plot.ruleX([asIs.coverage], { stroke: "var(--second)", strokeWidth: 1.5 }),
        Plot.dot(bars, { y: "label", x: "within", fill: "var(--first)", r: 4 }),
      ],
    },
    table: renderTable(
      "What is given, and the classes in it",
      ["Given", "Class", "Rows", "Within", "Mean size"],
      (manifest.metrics.sets ?? []).flatMap((set) =>
        set.classes.map(({ level, rows, within }) => [
          set.given,
          level,
          formatCount(rows),
          within === null ? "none" : formatShare(within),
          set.meanSize.toFixed(2),
        ]),
      ),
    ),
  };
}

/** Reliability of the probabilities, and coverage of the sets. */
export function reliabilitySection(view: CardView): Section {
  const sets = setsFigure(view);
  const { calibration } = view.manifest.classes ?? {};
  const told = calibration
    ? `Probabilities were calibrated on out-of-fold rows (slope ${calibration.scale.toFixed(3)}${calibration.shift === 0 ? "" : `, shift ${calibration.shift.toFixed(3)}`}).`
    : "Calibrating the probabilities on out-of-fold rows did not lower their log loss: they are as the model gives them.";
  return {
    id: "reliability",
    title: "What its probabilities are worth",
    lead: `${told} Sets of classes are split-conformal, calibrated for every class by itself.`,
    figures: [reliabilityFigure(view), ...(sets ? [sets] : [])],
  };
}
