// The candidates among which a model was chosen, by their cross-validated error.
import * as Plot from "@observablehq/plot";
import type { CardView } from "./card-view.ts";
import { type Figure, labelMargin, shortLabel } from "./figure.ts";
import { renderTable } from "./html.ts";
import { formatShare } from "./number-format.ts";

/** Undefined where there was no choice. */
export function candidatesFigure({ manifest, format }: CardView): Figure | undefined {
  const { candidates } = manifest.search;
  if (candidates.length < 2) return undefined;
  const bars = [...candidates]
    .sort((a, b) => a.crossValidated.meanAbsoluteError - b.crossValidated.meanAbsoluteError)
    .slice(0, 20)
    .map(({ name, crossValidated }) => ({ name, label: shortLabel(name), ...crossValidated }));
  const labels = bars.map(({ label }) => label);
  const distinct = labels.map((label, i) => (labels.indexOf(label) === i ? label : `${label} ${i + 1}`));
  return {
    title: "Candidates",
    caption: "Cross-validated mean absolute error; the best candidate was fitted again on all training rows.",
    alt: `Best first: ${bars
      .slice(0, 3)
      .map((bar) => `${bar.label} ${format.target(bar.meanAbsoluteError)}`)
      .join(", ")}.`,
    plot: {
      height: 66 + 25 * bars.length,
      marginLeft: labelMargin(distinct),
      marginRight: 62,
      x: {
        label: "Mean absolute error →",
        grid: true,
        ticks: 4,
        tickFormat: (value: number) => format.short(value),
      },
      y: { domain: distinct, label: null, tickSize: 0 },
      marks: [
        Plot.barX(bars, {
          y: (_: unknown, i: number) => distinct[i],
          x: "meanAbsoluteError",
          fill: "var(--first)",
          insetTop: 3,
          insetBottom: 3,
          rx2: 3,
        }),
        Plot.text(bars, {
          y: (_: unknown, i: number) => distinct[i],
          x: "meanAbsoluteError",
          text: (bar: (typeof bars)[number]) => format.target(bar.meanAbsoluteError),
          textAnchor: "start",
          dx: 5,
        }),
        Plot.ruleX([0], { strokeOpacity: 0.4 }),
      ],
    },
    table: renderTable(
      "Candidates, best first",
      ["Candidate", "MAE", "RMSE", "MAPE"],
      bars.map((bar) => [
        bar.name,
        format.target(bar.meanAbsoluteError),
        format.target(bar.rootMeanSquaredError),
        formatShare(bar.meanAbsolutePercentageError),
      ]),
    ),
  };
}
