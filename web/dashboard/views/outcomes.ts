// <dash-outcomes>: predicted against actual prices, errors over time, and errors by model.
import { html, type TemplateResult } from "lit";
import { addressOf } from "../address.ts";
import type { LoggedRequest, OutcomeSummary, RequestPage } from "../answers.ts";
import { askJson, query } from "../api.ts";
import type { Draw } from "../chart.ts";
import { needsLogarithm } from "../charts/series.ts";
import { hourMs, timeAxis, timeSpan } from "../charts/time-axis.ts";
import { amount, change, clock, count, finePercent, plural } from "../format.ts";
import { Section } from "../section.ts";
import type { Column } from "../table.ts";

type Known = LoggedRequest & { readonly outcome: NonNullable<LoggedRequest["outcome"]> };
type ByModel = OutcomeSummary["models"][number];

interface Outcomes {
  readonly summary: OutcomeSummary | null;
  readonly known: readonly Known[];
  /** Requests read to find them. */
  readonly read: number;
}

const pageItems = 200;
const mostPages = 10;

export class DashOutcomes extends Section<Outcomes> {
  protected override async load(signal: AbortSignal): Promise<Outcomes> {
    const path = (cursor: string | null) =>
      `/v1/requests${query({ dataset: this.datasetName, status: 200, limit: pageItems, cursor })}`;
    let page = await askJson<RequestPage>(path(null), { signal });
    const summary = page.outcomes;
    const all = [...page.items];
    const isKnown = (request: LoggedRequest): request is Known => request.outcome !== null;
    // Without a summary no actual price is known, so older pages have none either.
    for (let pages = 1; summary && page.next && pages < mostPages; pages++) {
      page = await askJson<RequestPage>(path(page.next), { signal });
      all.push(...page.items);
    }
    return { summary, known: all.filter(isKnown), read: all.length };
  }

  #scatter(known: readonly Known[]): Draw {
    const values = known.flatMap(({ outcome: { actual, prediction } }) => [actual, prediction]);
    const type = needsLogarithm(values) ? "log" : "linear";
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return (plot, width) => ({
      ...{ height: 300, marginLeft: 54 },
      x: { type, label: `Actual, ${this.unit}`, grid: true, tickFormat: "~s", ticks: Math.floor(width / 90) },
      y: { type, label: `Predicted, ${this.unit}`, grid: true, tickFormat: "~s", ticks: 5 },
      marks: [
        plot.link([0], {
          x1: () => low,
          y1: () => low,
          x2: () => high,
          y2: () => high,
          stroke: "var(--edge)",
          strokeDasharray: "4 3",
        }),
        plot.dot(known, {
          ...{
            x: ({ outcome }: Known) => outcome.actual,
            y: ({ outcome }: Known) => outcome.prediction,
            r: 4,
          },
          ...{ fill: "var(--tone-1)", fillOpacity: 0.65 },
        }),
      ],
    });
  }

  #overTime(known: readonly Known[]): Draw {
    const span = timeSpan(
      known.map(({ time }) => time),
      hourMs / 6,
    );
    return (plot, width) => ({
      ...{ height: 300, marginLeft: 54 },
      x: timeAxis(span, width),
      y: {
        label: `Prediction minus actual, ${this.unit}`,
        grid: true,
        tickFormat: "~s",
        ticks: 5,
        zero: true,
      },
      marks: [
        plot.ruleY([0], { stroke: "var(--ink)", strokeDasharray: "4 3" }),
        plot.dot(known, {
          ...{ x: ({ time }: Known) => new Date(time), y: ({ outcome }: Known) => outcome.error, r: 4 },
          symbol: ({ outcome }: Known) => (outcome.covered === false ? "outside" : "inside"),
          fill: ({ outcome }: Known) => (outcome.covered === false ? "var(--alarm)" : "var(--tone-1)"),
        }),
      ],
      symbol: { domain: ["inside", "outside"], range: ["circle", "times"] },
      color: { type: "identity" },
    });
  }

  #byModel: readonly Column<ByModel>[] = [
    { title: "Model", value: ({ model }) => model, view: ({ model }) => html`<code>${model}</code>` },
    { title: "Outcomes", numeric: true, value: (row) => row.count },
    {
      title: "MAE",
      numeric: true,
      value: (row) => row.meanAbsoluteError,
      view: (row) => amount(row.meanAbsoluteError, this.unit),
    },
    {
      title: "Mean error",
      numeric: true,
      value: (row) => row.meanError,
      view: (row) => change(row.meanError, this.unit),
    },
    {
      title: "Within interval",
      numeric: true,
      value: ({ covered }) => covered,
      view: ({ covered }) => (covered === null ? "—" : finePercent(covered)),
    },
  ];

  #each: readonly Column<Known>[] = [
    {
      title: "Time",
      value: ({ time }) => time,
      view: ({ id, time }) => html`<a href=${addressOf(this.datasetName, "requests", id)}>${clock(time)}</a>`,
    },
    {
      title: "Predicted",
      numeric: true,
      value: ({ outcome }) => outcome.prediction,
      view: ({ outcome }) => amount(outcome.prediction, this.unit),
    },
    {
      title: "Actual",
      numeric: true,
      value: ({ outcome }) => outcome.actual,
      view: ({ outcome }) => amount(outcome.actual, this.unit),
    },
    {
      title: "Error",
      numeric: true,
      value: ({ outcome }) => outcome.error,
      view: ({ outcome }) => change(outcome.error, this.unit),
    },
    {
      title: "Within interval",
      value: ({ outcome }) => (outcome.covered === null ? null : outcome.covered ? "yes" : "no"),
    },
  ];

  protected override show({ summary, known, read }: Outcomes): TemplateResult {
    if (!summary)
      return html`<p class="quiet-words">No actual prices yet. Send one with <code>POST /v1/requests/{id}/outcome</code> to see prediction errors here.</p>`;
    const { meanAbsoluteError, meanError, covered, meanAbsolutePercentageError, models } = summary;
    return html`<dl class="figures">
        <div><dt>Actual prices</dt><dd>${count(summary.count)}</dd></div>
        <div><dt>Mean absolute error</dt><dd>${amount(meanAbsoluteError, this.unit)}</dd>
          ${meanAbsolutePercentageError === null ? "" : html`<dd class="aside">${finePercent(meanAbsolutePercentageError)}</dd>`}</div>
        <div><dt>Mean error</dt><dd>${change(meanError, this.unit)}</dd><dd class="aside">${meanError > 0 ? "predictions are too high" : "predictions are too low"}</dd></div>
        ${covered === null ? "" : html`<div><dt>Interval coverage</dt><dd>${finePercent(covered)}</dd></div>`}
      </dl>
      <p class="aside">The charts show ${plural(known.length, "outcome")} from the latest ${plural(read, "answered request")}. The figures above cover all outcomes.</p>
      ${
        known.length === 0
          ? ""
          : html`<div class="pair">
        <figure><figcaption>Predicted and actual price, equal on the dashed line</figcaption>
          <dash-chart .draw=${this.#scatter(known)} .label=${`Predicted and actual prices of ${plural(known.length, "request")}; the mean absolute error is ${amount(meanAbsoluteError, this.unit)}.`}></dash-chart></figure>
        <figure><figcaption>Error over time: <span class="tone-1">● within</span> or <span class="alarm">× outside</span> the interval</figcaption>
          <dash-chart .draw=${this.#overTime(known)} .label=${`Errors over time; the mean is ${change(meanError, this.unit)}.`}></dash-chart></figure></div>
        <dash-table caption="Errors by model" .columns=${this.#byModel} .rows=${models}></dash-table>
        <details><summary>Individual outcomes</summary><dash-table caption="Outcomes" .columns=${this.#each} .rows=${known}></dash-table></details>`
      }`;
  }
}
