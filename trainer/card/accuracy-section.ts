// How near the predictions come: metrics, predicted against actual, the largest misses.
import * as Plot from "@observablehq/plot";
import type { RegressionMetrics } from "#core/bundle/manifest.ts";
import { asAmounts } from "#core/bundle/metrics-kind.ts";
import { type CardView, titleOf } from "./card-view.ts";
import { type Figure, logTicks } from "./figure.ts";
import { html, renderTable } from "./html.ts";
import { formatCount, formatShare } from "./number-format.ts";
import { countInBins } from "./quantiles.ts";
import type { Section } from "./section.ts";

function metricsTable({ manifest, format }: CardView) {
  const { heldOut, crossValidated } = manifest.metrics;
  const columns = [heldOut, crossValidated].flatMap((metrics) => (metrics && asAmounts(metrics)) ?? []);
  const row = (name: string, of: (metrics: RegressionMetrics) => string) => [name, ...columns.map(of)];
  return renderTable(
    "Held-out rows were never seen while training or choosing; cross-validated values come from training rows only.",
    ["Metric", "Held out", ...(crossValidated ? ["Cross-validated"] : [])],
    [
      row("Rows", ({ rows }) => formatCount(rows)),
      row("Mean absolute error", ({ meanAbsoluteError }) => format.target(meanAbsoluteError)),
      row("Root mean squared error", ({ rootMeanSquaredError }) => format.target(rootMeanSquaredError)),
      row("Mean absolute percentage error", ({ meanAbsolutePercentageError }) =>
        formatShare(meanAbsolutePercentageError, 2),
      ),
      row("R²", ({ r2Score }) => (r2Score === null ? "none" : r2Score.toFixed(4))),
    ],
  );
}

function predictedAgainstActual({ heldOut, relative, format, targetTitle }: CardView): Figure {
  const points = Array.from(heldOut.actual, (actual, i): [number, number] => [actual, heldOut.predicted[i]]);
  const drawn = relative ? points.filter(([, predicted]) => predicted > 0) : points;
  const all = drawn.flat();
  const low = all.reduce((a, b) => Math.min(a, b));
  const high = all.reduce((a, b) => Math.max(a, b));
  const scale = {
    type: relative ? ("log" as const) : ("linear" as const),
    domain: [low, high],
    grid: true,
    ticks: relative ? logTicks(low, high) : 5,
    tickFormat: (value: number) => format.short(value),
  };
  return {
    title: "Predicted against actual",
    caption: `Each hexagon holds held-out rows; the stronger its colour, the more. On the line, prediction and ${targetTitle.toLowerCase()} are equal.`,
    alt: `Density of ${drawn.length} held-out rows, predicted against actual ${targetTitle.toLowerCase()}, around the line of equality.`,
    plot: {
      height: 372,
      marginLeft: 52,
      x: { ...scale, label: `Actual ${targetTitle.toLowerCase()} →` },
      y: { ...scale, label: "↑ Predicted" },
      opacity: { type: "sqrt", range: [0.14, 1] },
      marks: [
        Plot.hexagon(
          drawn,
          Plot.hexbin({ fillOpacity: "count" }, { x: "0", y: "1", fill: "var(--first)", binWidth: 8 }),
        ),
        Plot.line(
          [
            [low, low],
            [high, high],
          ],
          { stroke: "var(--second)", strokeWidth: 1.5 },
        ),
      ],
    },
  };
}

function errorHistogram({ errors, relative, formatError, manifest }: CardView): Figure {
  const sorted = Float64Array.from(errors).sort();
  const edge = Math.max(
    Math.abs(sorted[Math.floor(0.005 * sorted.length)]),
    Math.abs(sorted[Math.floor(0.995 * (sorted.length - 1))]),
  );
  const bins = countInBins(errors, -edge, edge);
  const within = (share: number) =>
    formatShare(errors.filter((error) => Math.abs(error) <= share).length / errors.length, 0);
  const near = relative
    ? ` ${within(0.05)} of all predictions are within 5 % of the actual value, ${within(0.1)} within 10 %, ${within(0.2)} within 20 %.`
    : "";
  return {
    title: "Distribution of errors",
    caption: `Predicted minus actual${relative ? ", as a share of the actual value" : ""}; right of zero is too high.${near}`,
    alt: `Histogram of ${manifest.metrics.heldOut.rows} errors around zero.`,
    plot: {
      height: 372,
      marginLeft: 52,
      x: {
        label: "Error →",
        tickFormat: (value: number) => formatError(value).replace(/\.0(?= %)/, ""),
        ticks: 5,
      },
      y: { label: "↑ Rows", grid: true, tickFormat: (value: number) => formatCount(value), ticks: 5 },
      marks: [
        Plot.rectY(bins, { x1: "from", x2: "to", y: "rows", fill: "var(--first)", inset: 0.5, insetTop: 0 }),
        Plot.ruleX([0], { stroke: "var(--second)", strokeWidth: 1.5 }),
        Plot.ruleY([0], { strokeOpacity: 0.4 }),
      ],
    },
  };
}

/** The rows whose price was missed by most, with what was known of them. */
function largestMisses(view: CardView) {
  const { spec, leading, heldOut, errors, format, formatError } = view;
  const shown = spec.features.filter(({ name }) => leading.includes(name));
  const worst = Array.from(errors, (_, row) => row)
    .sort((a, b) => Math.abs(errors[b]) - Math.abs(errors[a]))
    .slice(0, 10);
  const value = (row: number) =>
    shown.map((feature) => {
      const cell = heldOut.table.columns[feature.name][row];
      if (feature.type === "category") return cell < 0 ? "–" : feature.levels[cell];
      return Number.isNaN(cell) ? "–" : String(Number(cell.toPrecision(6)));
    });
  return html`<details><summary>The ten rows that were missed by most</summary>${renderTable(
    `Held-out rows with the largest errors: often mistakes in the data.${shown.length < spec.features.length ? ` Of their features, the ${shown.length} that matter most.` : ""}`,
    ["Error", "Actual", "Predicted", ...shown.map(titleOf)],
    worst.map((row) => [
      formatError(errors[row]),
      format.target(heldOut.actual[row]),
      format.target(heldOut.predicted[row]),
      ...value(row),
    ]),
  )}</details>`;
}

function segmentTable({ manifest, format, spec }: CardView) {
  const { segments } = manifest.metrics;
  if (segments.length === 0) return undefined;
  const title = (name: string) => titleOf(spec.features.find((feature) => feature.name === name) ?? { name });
  return html`<details><summary>Metrics by segment</summary>${renderTable(
    "Held-out metrics of each level.",
    ["Feature", "Level", "Rows", "MAE", "RMSE", "MAPE", "R²"],
    segments.map(({ feature, level, metrics: own }) => {
      const metrics = asAmounts(own)!;
      return [
        title(feature),
        level,
        formatCount(metrics.rows),
        format.target(metrics.meanAbsoluteError),
        format.target(metrics.rootMeanSquaredError),
        formatShare(metrics.meanAbsolutePercentageError),
        metrics.r2Score === null ? "none" : metrics.r2Score.toFixed(4),
      ];
    }),
    2,
  )}</details>`;
}

/** Metrics, predicted against actual, distribution of errors, segments, largest misses. */
export function accuracySection(view: CardView): Section {
  return {
    id: "accuracy",
    title: "Accuracy",
    figures: [predictedAgainstActual(view), errorHistogram(view)],
    panels: [{ title: "Metrics", content: metricsTable(view) }],
    after: html`${segmentTable(view)}${largestMisses(view)}`,
  };
}
