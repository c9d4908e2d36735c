// <dash-health>: readiness, the counters of one isolate, and failed log entries with a button to write them.
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

/** `alarm`: a figure above 0 is a fault. */
const counters: readonly { readonly name: string; readonly title: string; readonly alarm: boolean }[] = [
  { name: "appraise_log_queued_total", title: "log entries sent", alarm: false },
  { name: "appraise_log_lost_total", title: "log entries lost", alarm: true },
  { name: "appraise_shadow_priced_total", title: "shadow predictions", alarm: false },
  { name: "appraise_shadow_failed_total", title: "shadow predictions failed", alarm: true },
  { name: "appraise_shadow_lost_total", title: "shadow predictions lost", alarm: true },
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
      const left =
        unreadable > 0
          ? ` ${plural(unreadable, "entry", "entries")} could not be read and stayed in storage.`
          : "";
      this.told =
        replayed === 0 && unreadable === 0
          ? "No pending entries."
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
    { title: "Requests", numeric: true, value: ({ value }) => value, view: ({ value }) => count(value) },
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
      <h3>Counters of one isolate</h3>
      <dl class="figures">${figures.map(({ title, value, alarm }) => html`<div><dt>${title}</dt><dd class=${alarm && value > 0 ? "alarm" : ""}>${count(value)}</dd></div>`)}</dl>
      <p class="aside">A Worker runs in many isolates, and each counts from its own start. These figures are of the isolate that answered.</p>
      <div class="actions"><button type="button" class="quiet" @click=${() => void this.refresh()}>Refresh</button></div>
      <h3>Failed log entries</h3>
      <p>Log entries that could not be written to the database are kept in storage. Writing them again is safe at any time.</p>
      <div class="actions"><button type="button" class="main" ?disabled=${this.busy} @click=${this.#replay}>Write pending entries</button>
        <span role="status" class="told">${this.told ?? nothing}</span></div>
      <h3>Requests by route</h3>
      <dash-table caption="Requests answered by this isolate" .columns=${this.#columns} .rows=${routes}></dash-table>`;
  }
}
