// How the parameters were chosen: every trial, the best so far, and each parameter against the error.
import * as Plot from "@observablehq/plot";
import type { Trial } from "#core/bundle/manifest.ts";
import { taskOf } from "#core/tasks/index.ts";
import { findBest } from "../search/trial.ts";
import { candidatesFigure } from "./candidates-figure.ts";
import type { CardView } from "./card-view.ts";
import type { Figure } from "./figure.ts";
import { type Html, html, renderTable } from "./html.ts";
import { formatCount, formatNumber, formatSeconds } from "./number-format.ts";
import { parameterCharts } from "./parameter-charts.ts";
import { errorDomain, type ScoredTrial, scoredTrials } from "./scored-trials.ts";
import type { Section } from "./section.ts";

function history(view: CardView, trials: readonly Trial[], scored: readonly ScoredTrial[]): Figure {
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
        label: `↑ ${taskOf(view.spec).mainMetric.words}`,
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
    after: html`${scored.length > 1 ? parameterCharts(view, scored) : ""}${failures(trials)}`,
  };
}
