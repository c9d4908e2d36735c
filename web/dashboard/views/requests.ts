// <dash-requests>: the log of requests: counts by outcome, latency, and a table whose rows open.
import { html, nothing, type TemplateResult } from "lit";
import { addressOf } from "../address.ts";
import type { LoggedRequest, Page } from "../answers.ts";
import { askPages, query } from "../api.ts";
import { bucketsOf, drawLatency, drawRate, outcomeOf, outcomes } from "../charts/traffic.ts";
import { clock, count, moment, plural } from "../format.ts";
import { Section } from "../section.ts";
import type { Column } from "../table.ts";

const pageItems = 200;
/** Requests loaded first; older ones are loaded page by page. */
const atFirst = 400;

function spanWords(ms: number): string {
  if (ms < 60_000) return plural(Math.round(ms / 1000), "second");
  const minutes = Math.round(ms / 60_000);
  return minutes < 60 ? plural(minutes, "minute") : plural(Math.round(minutes / 60), "hour");
}

export class DashRequests extends Section<Page<LoggedRequest>> {
  static override readonly properties = { ...Section.properties, status: { state: true } };
  declare private status: string | undefined;

  #path(cursor: string | null): string {
    return `/v1/requests${query({ dataset: this.datasetName, limit: pageItems, cursor, status: this.status })}`;
  }

  protected override load(signal: AbortSignal): Promise<Page<LoggedRequest>> {
    return askPages((cursor) => this.#path(cursor), atFirst, signal);
  }

  async #more({ items, next }: Page<LoggedRequest>): Promise<void> {
    try {
      const pathOf = (cursor: string | null) => this.#path(cursor ?? next);
      const page = await askPages<LoggedRequest>(pathOf, pageItems, new AbortController().signal);
      this.data = { items: [...items, ...page.items], next: page.next };
    } catch (error) {
      this.fault = error;
    }
  }

  #columns: readonly Column<LoggedRequest>[] = [
    // Status and route first: a phone shows no more of a row without scrolling.
    {
      title: "Status",
      value: ({ status }) => status,
      view: ({ status }) => html`<span class=${outcomes[outcomeOf(status)]}>${status}</span>`,
    },
    {
      title: "Route",
      isRowHeader: true,
      value: ({ method, route }) => `${method} ${route}`,
      view: ({ id, method, route }) =>
        html`<a href=${addressOf(this.datasetName, "requests", id)}><code>${method} ${route}</code></a>`,
    },
    { title: "Time", value: ({ time }) => time, view: ({ time }) => clock(time) },
    {
      title: "Latency, ms",
      numeric: true,
      value: ({ latencyMs }) => latencyMs,
      view: ({ latencyMs }) => count(Math.round(latencyMs)),
    },
    {
      title: "Model",
      value: ({ modelId }) => modelId,
      view: ({ modelId }) => (modelId ? html`<code>${modelId}</code>` : "—"),
    },
  ];

  #plots(items: readonly LoggedRequest[]) {
    const { width, buckets } = bucketsOf(items);
    const counts = outcomes.map((_, kind) => items.filter(({ status }) => outcomeOf(status) === kind).length);
    const each = `one bar per ${spanWords(width)}`;
    const slowest = Math.max(...buckets.map(({ p95 }) => p95));
    const signs = ["●", "■", "▲"];
    const tones = ["tone-1", "tone-2", "alarm"];
    return html`<dl class="figures">${outcomes.map((name, kind) => html`<div><dt><span class=${tones[kind]} aria-hidden="true">${signs[kind]}</span> ${name}</dt><dd>${count(counts[kind])}</dd></div>`)}</dl>
      <p class="aside">The latest ${plural(items.length, "request")}, ${moment(items[items.length - 1].time)} to ${moment(items[0].time)}; ${each}.</p>
      <div class="pair">
        <figure><figcaption>Requests</figcaption>
          <dash-chart .draw=${drawRate(buckets)} .label=${`Requests over time, ${each}: ${outcomes.map((name, kind) => `${counts[kind]} ${name}`).join(", ")}.`}></dash-chart></figure>
        <figure><figcaption>Latency: <span class="tone-1">● median</span>, <span class="tone-2">■ 95th percentile</span></figcaption>
          <dash-chart .draw=${drawLatency(buckets)} .label=${`Latency over time; the highest 95th percentile is ${Math.round(slowest)} milliseconds.`}></dash-chart></figure>
      </div>`;
  }

  #choose(status: string): void {
    this.status = status;
    void this.refresh();
  }

  protected override show({ items, next }: Page<LoggedRequest>): TemplateResult {
    const choices = [
      "",
      "200",
      "201",
      "202",
      "400",
      "401",
      "403",
      "404",
      "409",
      "412",
      "422",
      "429",
      "500",
      "503",
    ];
    return html`${this.at ? html`<dash-request .datasetName=${this.datasetName} .unit=${this.unit} .at=${this.at}></dash-request>` : nothing}
      <div class="actions">
        <label>Status <select @change=${(event: Event) => this.#choose((event.target as HTMLSelectElement).value)}>
          ${choices.map((status) => html`<option value=${status} ?selected=${status === (this.status ?? "")}>${status || "all"}</option>`)}</select></label>
        <button type="button" class="quiet" @click=${() => void this.refresh()}>Refresh</button>
      </div>
      ${
        items.length === 0
          ? html`<p class="quiet-words">No matching requests. New entries appear within a few seconds.</p>`
          : html`${this.#plots(items)}
            <dash-table caption="Logged requests" .columns=${this.#columns} .rows=${items} .marked=${({ id }: LoggedRequest) => id === this.at}></dash-table>`
      }
      ${next ? html`<button type="button" class="quiet" @click=${() => this.#more({ items, next })}>Older requests</button>` : nothing}`;
  }

  // Opening a request does not reload the list.
  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("datasetName")) super.willUpdate(changed);
  }
}
