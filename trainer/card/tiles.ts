// The figures at the top of the card: how well the model does on held-out rows, at a glance.
import type { ClassMetrics, RegressionMetrics } from "#core/bundle/manifest.ts";
import { asAmounts, asClasses } from "#core/bundle/metrics-kind.ts";
import type { CardView } from "./card-view.ts";
import { type Html, html } from "./html.ts";
import { formatShare } from "./number-format.ts";

type Tile = readonly [value: string, label: string];

const score = (value: number | null) => (value === null ? "none" : value.toFixed(4));

function amountTiles({ manifest, format }: CardView, metrics: RegressionMetrics): Tile[] {
  const judged = manifest.metrics.intervals?.find(({ given }) => given === "as they are");
  return [
    [format.target(metrics.meanAbsoluteError), "mean absolute error"],
    [formatShare(metrics.meanAbsolutePercentageError), "mean percentage error"],
    [format.target(metrics.rootMeanSquaredError), "root mean squared error"],
    [score(metrics.r2Score), "R²"],
    ...(judged
      ? [[formatShare(judged.within), `inside the ${formatShare(judged.coverage, 0)} interval`] as const]
      : []),
  ];
}

function classTiles(metrics: ClassMetrics): Tile[] {
  return [
    [metrics.logLoss.toFixed(4), "log loss"],
    [score(metrics.rocAucScore), "area under the ROC curve"],
    [formatShare(metrics.accuracyScore), "accuracy"],
    [formatShare(metrics.balancedAccuracyScore), "balanced accuracy"],
    [formatShare(metrics.calibrationError), "calibration error"],
  ];
}

/** The tiles as a list. */
export function tiles(view: CardView): Html {
  const { heldOut } = view.manifest.metrics;
  const amounts = asAmounts(heldOut);
  const classes = asClasses(heldOut);
  const entries = amounts ? amountTiles(view, amounts) : classes ? classTiles(classes) : [];
  return html`<ul class="tiles">${entries.map(([value, label]) => html`<li><b>${value}</b><span>${label}</span></li>`)}</ul>`;
}
