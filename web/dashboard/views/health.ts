// <dash-health>: whether the service is ready, what it has counted, and log entries that wait to be written after all.
import { html, nothing, type TemplateResult } from "lit";
import type { Readiness } from "#core/api/answers.ts";
import type { ReplayReport } from "../answers.ts";
import { ask, askJson, query } from "../api.ts";
import { readSamples, type Sample } from "../exposition.ts";
import { faultWords } from "../fault-words.ts";
import { count, plural } from "../format.ts";
import { Section } from "../section.ts";
import type { Column } from "../table.ts";

interface Health {
  readonly readiness: Readiness;
  readonly samples: readonly Sample[];
}

/** Each with what a figure above 0 means; null where it is good news. */
const counters: readonly { readonly name: string; readonly title: string; readonly alarm: boolean }[] = [
  { name: "appraise_log_queued_total", title: "log entries sent", alarm: false },
  { name: "appraise_log_lost_total", title: "log entries lost", alarm: true },
  { name: "appraise_shadow_priced_total", title: "priced in the shadow", alarm: false },
  { name: "appraise_shadow_failed_total", title: "shadows failed", alarm: true },
  { name: "appraise_shadow_lost_total", title: "shadow prices lost", alarm: true },
  { name: "appraise_models", title: "models in memory", alarm: false },
];

async function readReadiness(signal: AbortSignal): Promise<Readiness> {
  // 503 is an answer here: it says what is not ready.
  const answer = await ask("/readyz", { signal, accept: [503] });
  return answer.json();
}

export class DashHealth extends Section<Health> {
  static override readonly properties = {
    ...Section.properties,
    told: { state: true },
    busy: { state: true },
  };
  declare private told: string | undefined;
  declare private busy: boolean;

  protected override async load(signal: AbortSignal): Promise<Health> {
    const metrics = ask("/metrics", { signal }).then((answer) => answer.text());
    const [readiness, text] = await Promise.all([readReadiness(signal), metrics]);
    return { readiness, samples: readSamples(text) };
  }

  async #replay(): Promise<void> {
    this.busy = true;
    this.told = "Writing …";
    try {
      let [replayed, unreadable] = [0, 0];
      let cursor: string | null = null;
      do {
        const path: string = `/v1/requests/replay${query({ cursor })}`;
        const report: ReplayReport = await askJson<ReplayReport>(path, { method: "POST" });
        replayed += report.replayed;
        unreadable += report.unreadable;
        cursor = report.next;
      } while (cursor !== null);
      const left = unreadable > 0 ? ` ${plural(unreadable, "letter")} could not be read and stays.` : "";
      this.told =
        replayed === 0 && unreadable === 0
          ? "No entry was waiting."
          : `${plural(replayed, "entry", "entries")} written.${left}`;
    } catch (error) {
      this.told = faultWords(error);
    }
    this.busy = false;
  }

  #columns: readonly Column<Sample>[] = [
    {
      title: "Route",
      value: ({ labels }) => `${labels.method} ${labels.route}`,
      view: ({ labels }) => html`<code>${labels.method} ${labels.route}</code>`,
    },
    { title: "Status", numeric: true, value: ({ labels }) => Number(labels.status) },
    { title: "Answered", numeric: true, value: ({ value }) => value, view: ({ value }) => count(value) },
  ];

  protected override show({ readiness, samples }: Health): TemplateResult {
    const figures = counters.flatMap((counter) => {
      const sample = samples.find(({ name }) => name === counter.name);
      return sample ? [{ ...counter, value: sample.value }] : [];
    });
    const routes = samples.filter(({ name }) => name === "appraise_requests_total");
    return html`<p class="verdict-line"><span class=${readiness.ready ? "good" : "alarm"} aria-hidden="true">${readiness.ready ? "✓" : "✗"}</span>
        <strong>${readiness.ready ? "Ready" : "Not ready"}</strong>: ${readiness.ready ? "every public dataset can be priced." : "not every public dataset can be priced."}</p>
      <ul class="plain">${readiness.datasets.map(({ name, ready, detail }) => html`<li><span class=${ready ? "good" : "alarm"} aria-hidden="true">${ready ? "✓" : "✗"}</span> ${name}: ${detail}</li>`)}</ul>
      <h3>Counted by the isolate that answered</h3>
      <dl class="figures">${figures.map(({ title, value, alarm }) => html`<div><dt>${title}</dt><dd class=${alarm && value > 0 ? "alarm" : ""}>${count(value)}</dd></div>`)}</dl>
      <p class="aside">A Worker runs in many isolates, and each counts from its own beginning: scrape <code>/metrics</code> for the whole.</p>
      <div class="actions"><button type="button" class="quiet" @click=${() => void this.refresh()}>Look again</button></div>
      <h3>Dead letters</h3>
      <p>Log entries that the database did not take wait in storage. Writing them now is harmless, however often it is done.</p>
      <div class="actions"><button type="button" class="main" ?disabled=${this.busy} @click=${this.#replay}>Write waiting entries</button>
        <span role="status" class="told">${this.told ?? nothing}</span></div>
      <h3>Requests by route</h3>
      <dash-table caption="Requests answered by this isolate" .columns=${this.#columns} .rows=${routes}></dash-table>`;
  }
}
