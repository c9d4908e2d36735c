// <dash-compare>: two models side by side: the gate's interval, metrics, and the levels with the largest differences.
import { html, nothing, type TemplateResult } from "lit";
import type { Comparison } from "#core/metrics/model-comparison.ts";
import { addressOf } from "../address.ts";
import type { ModelRecord, Page } from "../answers.ts";
import { askJson, query } from "../api.ts";
import type { Draw } from "../chart.ts";
import { amount, change, count, decimals, finePercent, share } from "../format.ts";
import { Section } from "../section.ts";
import type { Column } from "../table.ts";

interface Duel {
  readonly models: readonly ModelRecord[];
  readonly a: string;
  readonly b: string | undefined;
  readonly comparison: Comparison | undefined;
}

type Segment = Comparison["segments"][number];
type Metric = Comparison["metrics"][number];
type Gate = Extract<Comparison["gate"], { comparable: true }>;

const metricNames: Readonly<Record<string, string>> = {
  meanAbsoluteError: "mean absolute error",
  rootMeanSquaredError: "root mean squared error",
  meanAbsolutePercentageError: "mean absolute percentage error",
  r2Score: "R²",
};
const partNames: Readonly<Record<string, string>> = {
  heldOut: "Held-out",
  crossValidated: "Cross-validated",
};
const widestSegments = 14;

function nameOf({ metric }: Metric): string {
  const [part, name] = metric.split(".");
  return `${partNames[part] ?? part} ${metricNames[name] ?? name}`;
}

export class DashCompare extends Section<Duel> {
  protected override async load(signal: AbortSignal): Promise<Duel> {
    const root = `/v1/${encodeURIComponent(this.datasetName)}`;
    const { items: models } = await askJson<Page<ModelRecord>>(`${root}/models?limit=200`, { signal });
    const champion = models.find(({ aliases }) => aliases.includes("champion"));
    const challenger = models.find(({ aliases }) => aliases.includes("challenger"));
    const [b, a] = (this.at ?? "").split("~");
    const other = b || (challenger ?? models.find(({ id }) => id !== champion?.id))?.id;
    const base = a || champion?.id || "champion";
    const comparison = other
      ? await askJson<Comparison>(`${root}/compare${query({ a: base, b: other })}`, { signal })
      : undefined;
    return { models, a: base, b: other, comparison };
  }

  #go(a: string, b: string): void {
    location.hash = addressOf(this.datasetName, "compare", `${b}~${a}`);
  }

  #gateDraw({ difference, interval }: Gate): Draw {
    return (plot) => ({
      ...{ height: 96, marginLeft: 24, marginRight: 24, marginTop: 16 },
      x: {
        label: `Difference of mean errors, ${this.unit} (below 0: b is better)`,
        labelAnchor: "center",
        inset: 16,
        grid: true,
        zero: true,
      },
      y: { axis: null },
      marks: [
        plot.ruleX([0], { stroke: "var(--ink)", strokeWidth: 1.5, strokeDasharray: "4 3" }),
        plot.link([interval], {
          x1: "low",
          x2: "high",
          y1: 0,
          y2: 0,
          stroke: "var(--accent)",
          strokeWidth: 8,
          strokeLinecap: "round",
        }),
        plot.dot([difference], {
          x: (value: number) => value,
          y: 0,
          r: 7,
          fill: "var(--card)",
          stroke: "var(--accent)",
          strokeWidth: 3,
        }),
      ],
    });
  }

  #gate(gate: Comparison["gate"], b: string) {
    if (!gate.comparable) return html`<p class="quiet-words">${gate.reason}.</p>`;
    const { interval, difference, promote, rows, resamples } = gate;
    const range = `${change(interval.low, this.unit)} to ${change(interval.high, this.unit)}`;
    const verdict = promote
      ? "significantly better"
      : interval.low > 0
        ? "significantly worse"
        : "not significantly different";
    return html`<p class="verdict-line"><code>${b}</code> is <strong>${verdict}</strong>: ${change(difference, this.unit)} per row,
        ${share(interval.confidence)} confidence interval ${range}.</p>
      <dash-chart .draw=${this.#gateDraw(gate)} .label=${`The difference of mean errors is ${change(difference, this.unit)}, between ${range}.`}></dash-chart>
      <p class="aside">Errors of both models on the same ${count(rows)} held-out rows, resampled ${count(resamples)} times.</p>`;
  }

  #segmentDraw(segments: readonly Segment[]): Draw {
    const shown = segments
      .slice(0, widestSegments)
      .map((one) => ({ ...one, name: `${one.feature}: ${one.level}` }));
    return (plot, width) => ({
      ...{ height: 70 + shown.length * 22, marginLeft: Math.min(160, width * 0.42) },
      x: {
        label: `Mean absolute error, ${this.unit}`,
        labelAnchor: "center",
        grid: true,
        zero: true,
        tickFormat: "~s",
        ticks: Math.floor(width / 110),
      },
      y: { domain: shown.map(({ name }) => name), label: null },
      marks: [
        plot.link(shown, { x1: "a", x2: "b", y1: "name", y2: "name", stroke: "var(--muted)" }),
        plot.dot(shown, { x: "a", y: "name", r: 4.5, symbol: "circle", fill: "var(--tone-1)" }),
        plot.dot(shown, { x: "b", y: "name", r: 4.5, symbol: "square", fill: "var(--tone-2)" }),
      ],
    });
  }

  #figure(metric: string, value: number | null, signed = false): string {
    if (value === null) return "—";
    if (metric.endsWith("r2Score")) return `${signed && value > 0 ? "+" : ""}${decimals(value, 4)}`;
    if (metric.endsWith("PercentageError")) return `${signed && value > 0 ? "+" : ""}${finePercent(value)}`;
    return signed ? change(value, this.unit) : amount(value, this.unit);
  }

  #metricColumns: readonly Column<Metric>[] = [
    { title: "Metric", value: nameOf },
    { title: "a", numeric: true, value: ({ a }) => a, view: ({ metric, a }) => this.#figure(metric, a) },
    { title: "b", numeric: true, value: ({ b }) => b, view: ({ metric, b }) => this.#figure(metric, b) },
    {
      title: "b − a",
      numeric: true,
      value: ({ difference }) => difference,
      view: ({ metric, difference }) => this.#figure(metric, difference, true),
    },
  ];

  #segmentColumns: readonly Column<Segment>[] = [
    { title: "Level", value: ({ feature, level }) => `${feature}: ${level}` },
    {
      title: "Rows",
      numeric: true,
      value: ({ rows }) => rows.b ?? rows.a,
      view: ({ rows }) => count(rows.b ?? rows.a ?? 0),
    },
    {
      title: "MAE of a",
      numeric: true,
      value: ({ a }) => a,
      view: ({ a }) => (a === null ? "—" : amount(a, this.unit)),
    },
    {
      title: "MAE of b",
      numeric: true,
      value: ({ b }) => b,
      view: ({ b }) => (b === null ? "—" : amount(b, this.unit)),
    },
    {
      title: "b − a",
      numeric: true,
      value: ({ difference }) => difference,
      view: ({ difference }) => (difference === null ? "—" : change(difference, this.unit)),
    },
  ];

  #choice(
    label: string,
    chosen: string | undefined,
    models: readonly ModelRecord[],
    take: (id: string) => void,
  ) {
    return html`<label class="wide">${label} <select @change=${(event: Event) => take((event.target as HTMLSelectElement).value)}>
      ${models.map(({ id, aliases }) => html`<option value=${id} ?selected=${id === chosen}>${id}${aliases.length > 0 ? ` (${aliases.join(", ")})` : ""}</option>`)}
    </select></label>`;
  }

  #params({ params, data, seed }: Comparison) {
    const rows = [...params, ...(seed.same ? [] : [{ name: "seed", a: seed.a, b: seed.b }])];
    if (rows.length === 0 && data.same) return html`<p class="aside">Same parameters, seed and data.</p>`;
    return html`<details><summary>Differences in training</summary>
      <dash-table caption="Differing parameters" .columns=${paramColumns} .rows=${rows}></dash-table></details>
      <p class="aside">${data.same ? "Both were trained on the same data." : `Trained on other data: ${count(data.a.rows)} rows against ${count(data.b.rows)}.`}</p>`;
  }

  protected override show({ models, a, b, comparison }: Duel): TemplateResult {
    if (!comparison || b === undefined)
      return html`<p class="quiet-words">There is only one model: train or publish another to compare.</p>`;
    const { metrics, gate, segments } = comparison;
    return html`<div class="actions">
        ${this.#choice("a", a, models, (id) => this.#go(id, b))}
        ${this.#choice("b", b, models, (id) => this.#go(a, id))}
      </div>
      ${this.#gate(gate, b)}
      <h3>Metrics</h3>
      <dash-table caption="Metrics side by side" .columns=${this.#metricColumns} .rows=${metrics}></dash-table>
      ${
        segments.length === 0
          ? nothing
          : html`<h3>By level, largest difference first</h3>
        <ul class="legend"><li><span class="tone-1" aria-hidden="true">●</span> a</li><li><span class="tone-2" aria-hidden="true">■</span> b</li></ul>
        <dash-chart .draw=${this.#segmentDraw(segments)} .label=${"Mean absolute error of both models by level; the table below has every figure."}></dash-chart>
        <dash-table caption="Levels side by side" .columns=${this.#segmentColumns} .rows=${segments}></dash-table>`
      }
      ${this.#params(comparison)}`;
  }
}

const text = (value: unknown) => (value === null ? null : String(value));
const paramColumns: readonly Column<{ name: string; a: unknown; b: unknown }>[] = [
  { title: "Parameter", value: ({ name }) => name },
  { title: "a", value: ({ a }) => text(a) },
  { title: "b", value: ({ b }) => text(b) },
];
