// <dash-history>: every published model, as a chart of errors over time and as a sortable table.

import { html, nothing, type TemplateResult } from "lit";
import { asAmounts } from "#core/bundle/metrics-kind.ts";
import { taskOfMetrics } from "#core/tasks/index.ts";
import { addressOf } from "../address.ts";
import type { ModelRecord, Page } from "../answers.ts";
import { askJson, query } from "../api.ts";
import { cardLink } from "../card-link.ts";
import type { Draw } from "../chart.ts";
import { legend } from "../charts/legend.ts";
import { looksOf, needsLogarithm } from "../charts/series.ts";
import { hourMs, timeAxis, timeSpan } from "../charts/time-axis.ts";
import { amount, decimals, finePercent, moment, plural } from "../format.ts";
import { Section } from "../section.ts";
import type { Column } from "../table.ts";

const pageItems = 100;

const amountsOf = ({ metrics }: ModelRecord) => asAmounts(metrics.heldOut);
const mainMetricOf = ({ metrics }: ModelRecord) => taskOfMetrics(metrics.heldOut).mainMetric;
const errorOf = (model: ModelRecord) => mainMetricOf(model).of(model.metrics.heldOut);
const isChampion = ({ aliases }: ModelRecord) => aliases.includes("champion");

export class DashHistory extends Section<Page<ModelRecord>> {
  static override readonly properties = { ...Section.properties, open: { type: Boolean } };
  /** Whether anyone may read the dataset: model cards then open as pages. */
  declare open: boolean;

  #path(cursor?: string): string {
    return `/v1/${encodeURIComponent(this.datasetName)}/models${query({ limit: pageItems, cursor })}`;
  }

  protected override load(signal: AbortSignal): Promise<Page<ModelRecord>> {
    return askJson(this.#path(), { signal });
  }

  async #more({ items, next }: Page<ModelRecord>): Promise<void> {
    try {
      const page = await askJson<Page<ModelRecord>>(this.#path(next ?? undefined));
      this.data = { items: [...items, ...page.items], next: page.next };
    } catch (error) {
      this.fault = error;
    }
  }

  #columns(): readonly Column<ModelRecord>[] {
    return [
      {
        title: "Model",
        value: ({ title }) => title,
        view: (model) =>
          html`<span class="name">${model.title}</span> ${cardLink(this.datasetName, model.id, this.open)}`,
      },
      { title: "Family", value: ({ family }) => family },
      {
        title: "Held-out MAE",
        numeric: true,
        value: errorOf,
        view: (model) => amount(errorOf(model), this.unit),
      },
      {
        title: "MAPE",
        numeric: true,
        value: (model) => amountsOf(model)?.meanAbsolutePercentageError ?? null,
        view: (model) => {
          const share = amountsOf(model)?.meanAbsolutePercentageError ?? null;
          return share === null ? "—" : finePercent(share);
        },
      },
      {
        title: "R²",
        numeric: true,
        value: (model) => amountsOf(model)?.r2Score ?? null,
        view: (model) => {
          const score = amountsOf(model)?.r2Score ?? null;
          return score === null ? "—" : decimals(score, 4);
        },
      },
      {
        title: "Published",
        value: ({ publishedAt }) => publishedAt,
        view: ({ publishedAt }) => moment(publishedAt),
      },
      {
        title: "Alias",
        value: ({ aliases, everLive }) => aliases.join(", ") || (everLive ? "previously" : null),
      },
      {
        title: "Compare",
        value: ({ id }) => id,
        view: (model) =>
          isChampion(model)
            ? nothing
            : html`<a href=${addressOf(this.datasetName, "compare", model.id)} aria-label=${`Compare ${model.id} with the champion`}>with the champion</a>`,
      },
    ];
  }

  #draw(models: readonly ModelRecord[], families: readonly string[]): Draw {
    const looks = looksOf(families);
    const logarithmic = needsLogarithm(models.map(errorOf));
    const span = timeSpan(
      models.map(({ publishedAt }) => publishedAt),
      hourMs,
    );
    return (plot, width) => ({
      marginLeft: 58,
      x: { ...timeAxis(span, width), inset: 12 },
      y: {
        type: logarithmic ? "log" : "linear",
        grid: true,
        label: `Held-out MAE, ${this.unit}`,
        inset: 12,
        ticks: 5,
        tickFormat: "~s",
      },
      marks: [
        ...families.map((family) =>
          plot.dot(
            models.filter((model) => model.family === family),
            {
              ...{ x: (model: ModelRecord) => new Date(model.publishedAt), y: errorOf, r: 5 },
              ...{ fill: looks.get(family)?.color, symbol: looks.get(family)?.symbol },
            },
          ),
        ),
        plot.dot(models.filter(isChampion), {
          ...{ x: (model: ModelRecord) => new Date(model.publishedAt), y: errorOf, r: 11 },
          ...{ stroke: "var(--accent)", strokeWidth: 2.5 },
        }),
      ],
    });
  }

  protected override show({ items, next }: Page<ModelRecord>): TemplateResult {
    if (items.length === 0) return html`<p class="quiet-words">No model has been published yet.</p>`;
    const families = [...new Set(items.map(({ family }) => family))];
    const champion = items.find(isChampion);
    const label = `Held-out mean absolute error of ${plural(items.length, "model")} over time${
      champion ? `; the champion’s is ${amount(errorOf(champion), this.unit)}` : ""
    }. The table below has every figure.`;
    return html`${legend(families, champion && "champion")}
      <dash-chart .draw=${this.#draw(items, families)} .label=${label}></dash-chart>
      <dash-table caption="Published models" .columns=${this.#columns()} .rows=${items} .marked=${isChampion}></dash-table>
      ${next ? html`<button type="button" class="quiet" @click=${() => this.#more({ items, next })}>Older models</button>` : nothing}`;
  }
}
