// Each searched parameter against the error of the trials.
import * as Plot from "@observablehq/plot";
import { quantileOf } from "#core/metrics/quantile.ts";
import { findBest } from "../search/trial.ts";
import type { CardView } from "./card-view.ts";
import { drawPlot } from "./figure.ts";
import { type Html, html } from "./html.ts";
import { errorDomain, type ScoredTrial } from "./scored-trials.ts";

/** Whether the values of a parameter over some decades are better seen on a logarithmic axis. */
function isSpread(values: readonly number[]): boolean {
  const sorted = Float64Array.from(values).sort();
  return sorted[0] > 0 && quantileOf(sorted, 0.9) / quantileOf(sorted, 0.1) > 20;
}

/** One small chart a parameter, folded away; nothing where no parameter varies. */
export function parameterCharts(view: CardView, scored: readonly ScoredTrial[]): Html {
  const domain = errorDomain(scored);
  const best = findBest(scored)!;
  const names = Object.keys(best.params).filter(
    (name) => new Set(scored.map(({ params }) => params[name])).size > 1,
  );
  const figures = names.map((name) => {
    const points = scored.map(({ value, params }) => ({ at: params[name], value }));
    const numeric = points.every(({ at }) => typeof at === "number");
    const log = numeric && isSpread(points.map(({ at }) => at as number));
    const plot: Plot.PlotOptions = {
      height: 210,
      marginLeft: 60,
      x: numeric
        ? { type: log ? "log" : "linear", label: null, ticks: 4, ...(log ? { tickFormat: "~g" } : {}) }
        : { type: "point", label: null },
      y: {
        label: null,
        domain,
        clamp: true,
        grid: true,
        ticks: 4,
        tickFormat: (v: number) => view.format.target(v),
      },
      marks: [
        Plot.dot(points, { x: "at", y: "value", fill: "var(--first)", fillOpacity: 0.6, r: 3 }),
        Plot.dot([{ at: best.params[name], value: best.value! }], {
          x: "at",
          y: "value",
          stroke: "var(--second)",
          strokeWidth: 2,
          r: 6,
        }),
      ],
    };
    return html`<figure><h3>${name}</h3>${drawPlot(plot, `Error of the trials by ${name}; the best has ${String(best.params[name])}.`)}</figure>`;
  });
  if (figures.length === 0) return html``;
  return html`<details><summary>Each parameter against the error (${figures.length} charts; the best trial is ringed)</summary>
<div class="figures">${figures}</div></details>`;
}
