// The candidates among which a model was chosen, by their cross-validated error.
import * as Plot from "@observablehq/plot";
import { taskOf } from "#core/tasks/index.ts";
import type { CardView } from "./card-view.ts";
import { type Figure, labelMargin, shortLabel } from "./figure.ts";
import { renderTable } from "./html.ts";
import { formatNumber } from "./number-format.ts";

/** Undefined where there was no choice. */
export function candidatesFigure({ manifest, spec }: CardView): Figure | undefined {
  const { candidates } = manifest.search;
  const { mainMetric, figures } = taskOf(spec);
  const title = mainMetric.title;
  if (candidates.length < 2) return undefined;
  const bars = [...candidates]
    .map(({ name, crossValidated }) => {
      return { name, label: shortLabel(name), crossValidated, error: mainMetric.of(crossValidated) };
    })
    .sort((a, b) => a.error - b.error)
    .slice(0, 20);
  const labels = bars.map(({ label }) => label);
  const distinct = labels.map((label, i) => (labels.indexOf(label) === i ? label : `${label} ${i + 1}`));
  return {
    title: "Candidates",
    caption: `Cross-validated ${title}; the best candidate was fitted again on all training rows.`,
    alt: `Best first: ${bars
      .slice(0, 3)
      .map((bar) => `${bar.label} ${figures[0].show(bar.crossValidated)}`)
      .join(", ")}.`,
    plot: {
      height: 66 + 25 * bars.length,
      marginLeft: labelMargin(distinct),
      marginRight: 62,
      x: {
        label: `${title} →`,
        grid: true,
        ticks: 4,
        tickFormat: formatNumber,
      },
      y: { domain: distinct, label: null, tickSize: 0 },
      marks: [
        Plot.barX(bars, {
          y: (_: unknown, i: number) => distinct[i],
          x: "error",
          fill: "var(--first)",
          insetTop: 3,
          insetBottom: 3,
          rx2: 3,
        }),
        Plot.text(bars, {
          y: (_: unknown, i: number) => distinct[i],
          x: "error",
          text: (bar: (typeof bars)[number]) => figures[0].show(bar.crossValidated),
          textAnchor: "start",
          dx: 5,
        }),
        Plot.ruleX([0], { strokeOpacity: 0.4 }),
      ],
    },
    table: renderTable(
      "Candidates, best first",
      ["Candidate", ...figures.map((figure) => figure.title)],
      bars.map((bar) => [bar.name, ...figures.map(({ show }) => show(bar.crossValidated))]),
    ),
  };
}
