// The gate: this model and the champion it challenged, priced on the same held-out rows.
import * as Plot from "@observablehq/plot";
import { type CardView, featureTitle } from "./card-view.ts";
import { type Figure, labelMargin, shortLabel } from "./figure.ts";
import { html, renderTable } from "./html.ts";
import { formatCount, formatShare } from "./number-format.ts";
import type { Section } from "./section.ts";

type Gate = NonNullable<CardView["gate"]>;

function differenceFigure(
  { format }: CardView,
  {
    difference,
    interval,
    confidence,
  }: { difference: number; interval: Gate["interval"]; confidence: string },
): Figure {
  const { low, high } = interval;
  const reach = Math.max(Math.abs(low), Math.abs(high)) * 1.15 || 1;
  return {
    title: "Difference of the mean absolute errors",
    caption: `Dot: this model minus the champion; bar: ${confidence} interval of the paired bootstrap. Promoted only when the whole bar is left of zero.`,
    alt: `${format.difference(difference)}, interval ${format.difference(low)} to ${format.difference(high)}.`,
    plot: {
      height: 130,
      marginLeft: 24,
      marginRight: 24,
      x: {
        domain: [-reach, reach],
        label: "← this model better · champion better →",
        labelAnchor: "center",
        labelArrow: "none",
        ticks: 5,
        grid: true,
        tickFormat: (value: number) => format.difference(value),
      },
      marks: [
        Plot.ruleX([0], { stroke: "var(--second)", strokeWidth: 1.5 }),
        Plot.ruleY([0], {
          x1: low,
          x2: high,
          stroke: "var(--first)",
          strokeWidth: 5,
          strokeLinecap: "round",
        }),
        Plot.dot([0], {
          x: difference,
          y: 0,
          fill: "var(--card)",
          stroke: "var(--first)",
          strokeWidth: 2.5,
          r: 6,
        }),
      ],
      y: { axis: null, domain: [-1, 1] },
    },
  };
}

function segmentFigure(view: CardView, feature: string, gate: Gate): Figure {
  const title = featureTitle(view.spec, feature);
  const bars = gate.segments
    .filter((segment) => segment.feature === feature)
    .slice(0, 24)
    .map((segment) => ({ ...segment, label: shortLabel(segment.level) }));
  const labels = bars.map(({ label }) => label);
  const better = bars.filter(({ champion, challenger }) => challenger < champion).length;
  return {
    title: `Mean absolute error by ${title.toLowerCase()}`,
    caption: `Filled: this model; ring: the champion. Better in ${better} of ${bars.length}.`,
    alt: `This model has the lower error in ${better} of ${bars.length} levels of ${title}.`,
    plot: {
      height: 66 + 25 * bars.length,
      marginLeft: labelMargin(labels),
      x: {
        label: "Mean absolute error →",
        grid: true,
        ticks: 5,
        tickFormat: (value: number) => view.format.short(value),
      },
      y: { domain: labels, label: null, tickSize: 0 },
      marks: [
        Plot.ruleY(bars, { y: "label", x1: "champion", x2: "challenger", strokeOpacity: 0.5 }),
        Plot.dot(bars, {
          y: "label",
          x: "champion",
          stroke: "var(--second)",
          strokeWidth: 2,
          r: 4,
          fill: "var(--card)",
        }),
        Plot.dot(bars, { y: "label", x: "challenger", fill: "var(--first)", r: 4.5 }),
      ],
    },
    table: renderTable(
      `By ${title}`,
      [title, "Rows", "Champion", "This model"],
      bars.map(({ level, rows, champion, challenger }) => [
        level,
        formatCount(rows),
        view.format.target(champion),
        view.format.target(challenger),
      ]),
    ),
  };
}

/** Comparison with the champion; undefined where there was none. */
export function championSection(view: CardView): Section | undefined {
  const { gate, format } = view;
  if (!gate) return undefined;
  const confidence = formatShare(gate.interval.confidence, 0);
  const { low, high } = gate.interval;
  const words = gate.promote
    ? "Surely better than the champion"
    : low > 0
      ? "Worse than the champion"
      : "Not surely better than the champion";
  const features = [...new Set(gate.segments.map(({ feature }) => feature))];
  const others = features.filter((feature) => !view.leading.includes(feature));
  return {
    id: "champion",
    title: "Against the champion",
    lead: html`<span class="verdict ${gate.promote ? "good" : low > 0 ? "bad" : "soft"}">${words}</span> On the same ${formatCount(gate.rows)} held-out rows the champion <code>${gate.champion.id}</code>${gate.champion.title ? ` (${gate.champion.title})` : ""} has a mean absolute error of ${format.target(gate.meanAbsoluteError.champion)}, this model ${format.target(gate.meanAbsoluteError.challenger)}: a difference of ${format.difference(gate.difference)} (${confidence} interval ${format.difference(low)} to ${format.difference(high)}, ${formatCount(gate.resamples)} resamples).`,
    figures: [
      differenceFigure(view, { ...gate, confidence }),
      ...view.leading
        .filter((feature) => features.includes(feature))
        .map((feature) => segmentFigure(view, feature, gate)),
    ],
    others: others.map((feature) => ({
      title: featureTitle(view.spec, feature),
      figure: segmentFigure(view, feature, gate),
    })),
  };
}
