// How the parameters were chosen: every trial, the best so far, and each parameter against the error.
import * as Plot from "@observablehq/plot";
import type { Trial } from "#core/bundle/manifest.ts";
import { findBest } from "../search/trial.ts";
import type { CardView } from "./card-view.ts";
import { drawPlot, type Figure, labelMargin, shortLabel } from "./figure.ts";
import { type Html, html, renderTable } from "./html.ts";
import { formatCount, formatNumber, formatSeconds, formatShare } from "./number-format.ts";
import { quantileOf } from "./quantiles.ts";
import type { Section } from "./section.ts";

interface Scored extends Trial {
  readonly value: number;
}

function scoredTrials(trials: readonly Trial[]): Scored[] {
  return trials.flatMap((trial) =>
    trial.state === "complete" && trial.value !== null ? [trial as Scored] : [],
  );
}

/** From the best to where the worst quarter begins: a few wild trials must not flatten the rest. */
function errorDomain(scored: readonly Scored[]): [number, number] {
  const sorted = Float64Array.from(scored, ({ value }) => value).sort();
  const [best, high] = [sorted[0], quantileOf(sorted, 0.9)];
  const margin = (high - best) * 0.06 || Math.abs(best) * 0.01 || 1;
  return [best - margin, high + margin];
}

function history(view: CardView, trials: readonly Trial[], scored: readonly Scored[]): Figure {
  const { format } = view;
  const domain = errorDomain(scored);
  let best = Number.POSITIVE_INFINITY;
  const steps = scored.map(({ number, value }) => {
    best = Math.min(best, value);
    return { number, best };
  });
  const last = trials.reduce((most, { number }) => Math.max(most, number), 0);
  const pruned = trials.flatMap(({ state, number, reports }) =>
    state === "pruned" ? [{ number, value: reports.at(-1)! }] : [],
  );
  const count = (state: Trial["state"]) => trials.filter((trial) => trial.state === state).length;
  const failed = count("failed");
  return {
    title: "Best so far",
    caption: `Dot: a trial's cross-validated error; circle: a trial given up early, at its last report; line: the best so far. ${formatCount(scored.length)} complete, ${count("pruned")} given up, ${failed} failed. Trials far above are drawn at the upper edge.`,
    alt: `The best error fell from ${format.target(scored[0].value)} to ${format.target(best)} in ${trials.length} trials.`,
    plot: {
      height: 320,
      marginLeft: 60,
      x: {
        label: "Trial →",
        domain: [0, Math.max(1, last)],
        ticks: 5,
        tickFormat: (value: number) => formatCount(value),
      },
      y: {
        label: "↑ Mean absolute error",
        domain,
        clamp: true,
        grid: true,
        ticks: 6,
        tickFormat: (v: number) => format.target(v),
      },
      marks: [
        Plot.dot(pruned, { x: "number", y: "value", stroke: "currentColor", strokeOpacity: 0.45, r: 2.5 }),
        Plot.dot(scored, { x: "number", y: "value", fill: "var(--first)", fillOpacity: 0.7, r: 3 }),
        Plot.line([...steps, { number: last, best }], {
          x: "number",
          y: "best",
          curve: "step-after",
          stroke: "var(--second)",
          strokeWidth: 2,
        }),
      ],
    },
  };
}

function formatParam(value: Trial["params"][string]): string {
  return typeof value === "number" ? formatNumber(value) : String(value);
}

/** Whether the values of a parameter over some decades are better seen on a logarithmic axis. */
function isSpread(values: readonly number[]): boolean {
  const sorted = Float64Array.from(values).sort();
  return sorted[0] > 0 && quantileOf(sorted, 0.9) / quantileOf(sorted, 0.1) > 20;
}

function slices(view: CardView, scored: readonly Scored[]): Html {
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

function failures(trials: readonly Trial[]): Html {
  const failed = trials.filter(({ state }) => state === "failed");
  if (failed.length === 0) return html``;
  return html`<details><summary>Failed trials: ${formatCount(failed.length)}</summary>${renderTable(
    "Failed trials and why; the first twenty.",
    ["Trial", "Reason", "Parameters"],
    failed.slice(0, 20).map(({ number, error, params }) => [
      String(number),
      error ?? "",
      Object.entries(params)
        .map(([name, value]) => `${name} ${formatParam(value)}`)
        .join(", "),
    ]),
    3,
  )}</details>`;
}

function candidatesFigure({ manifest, format }: CardView): Figure | undefined {
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

/** The search or the candidates among which the model was chosen; undefined where nothing was chosen. */
export function searchSection(view: CardView): Section | undefined {
  const trials = view.trials ?? view.manifest.search.trials ?? [];
  const scored = scoredTrials(trials);
  const candidates = candidatesFigure(view);
  if (scored.length === 0 && !candidates) return undefined;
  const best = findBest(scored);
  const parameters = Object.entries(best?.params ?? {}).map(([name, value]) => [name, formatParam(value)]);
  const title = best ? `Best trial: ${formatCount(best.number)}` : "";
  return {
    id: "search",
    title: "How it was chosen",
    lead: `Chosen by cross-validation on training rows in ${formatSeconds(view.manifest.search.seconds)}; the held-out rows had no say.`,
    figures: [
      ...(scored.length > 1 ? [history(view, trials, scored)] : []),
      ...(candidates ? [candidates] : []),
    ],
    panels:
      parameters.length > 0
        ? [
            {
              title,
              content: renderTable("Parameters of the best trial", ["Parameter", "Value"], parameters),
            },
          ]
        : [],
    after: html`${scored.length > 1 ? slices(view, scored) : ""}${failures(trials)}`,
  };
}
