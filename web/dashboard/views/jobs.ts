// <dash-jobs>: training and batch jobs by state; a training can be started, followed and cancelled.
import { html, nothing, type TemplateResult } from "lit";
import type { Job } from "#core/api/jobs.ts";
import { addressOf } from "../address.ts";
import type { Page } from "../answers.ts";
import { askJson, query } from "../api.ts";
import { ago, moment, plural } from "../format.ts";
import { Section } from "../section.ts";
import type { Column } from "../table.ts";

const pageItems = 50;

export const stateSigns: Readonly<Record<Job["state"], string>> = {
  queued: "○",
  running: "◐",
  succeeded: "✓",
  failed: "✗",
  cancelled: "–",
};

/** How long a job ran, in words; null until it has ended. */
function lasted({ startedAt, finishedAt }: Job): string | null {
  if (!startedAt || !finishedAt) return null;
  const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  return seconds < 90 ? `${seconds.toFixed(1)} s` : `${(seconds / 60).toFixed(1)} min`;
}

export class DashJobs extends Section<Page<Job>> {
  #path(cursor?: string): string {
    return `/v1/jobs${query({ dataset: this.datasetName, limit: pageItems, cursor })}`;
  }

  protected override load(signal: AbortSignal): Promise<Page<Job>> {
    return askJson(this.#path(), { signal });
  }

  async #more({ items, next }: Page<Job>): Promise<void> {
    try {
      const page = await askJson<Page<Job>>(this.#path(next ?? undefined));
      this.data = { items: [...items, ...page.items], next: page.next };
    } catch (error) {
      this.fault = error;
    }
  }

  #columns: readonly Column<Job>[] = [
    {
      title: "Job",
      value: ({ createdAt }) => createdAt,
      view: ({ id, kind, createdAt }) =>
        html`<a href=${addressOf(this.datasetName, "jobs", id)}>${kind === "train" ? "Training" : "Batch"} of ${moment(createdAt)}</a>`,
    },
    {
      title: "State",
      value: ({ state }) => state,
      view: ({ state }) =>
        html`<span class=${`state ${state}`}><span aria-hidden="true">${stateSigns[state]}</span> ${state}</span>`,
    },
    { title: "Progress", value: ({ progress }) => progress?.label ?? null },
    {
      title: "Attempt",
      numeric: true,
      value: ({ attempt }) => attempt,
      view: ({ attempt, attempts }) => `${attempt} of ${attempts}`,
    },
    { title: "Took", numeric: true, value: lasted },
    { title: "Requested by", value: ({ actor }) => actor },
  ];

  readonly #open = ({ detail }: CustomEvent<string>): void => {
    location.hash = addressOf(this.datasetName, "jobs", detail);
    void this.refresh();
  };

  protected override show({ items, next }: Page<Job>): TemplateResult {
    const waiting = items.filter(({ state }) => state === "queued").length;
    const running = items.filter(({ state }) => state === "running");
    return html`<dash-train .datasetName=${this.datasetName} @dash:queued=${this.#open}></dash-train>
      ${this.at ? html`<dash-job .datasetName=${this.datasetName} .unit=${this.unit} .at=${this.at} @dash:ended=${() => void this.refresh()}></dash-job>` : nothing}
      <h3>All jobs</h3>
      <p class="aside">${plural(running.length, "job")} running, ${waiting} waiting${
        running[0]?.startedAt ? `; the latest started ${ago(running[0].startedAt)}` : ""
      }.</p>
      ${
        items.length === 0
          ? html`<p class="quiet-words">No jobs yet.</p>`
          : html`<dash-table caption="Jobs" .columns=${this.#columns} .rows=${items} .marked=${({ id }: Job) => id === this.at}></dash-table>`
      }
      ${next ? html`<button type="button" class="quiet" @click=${() => this.#more({ items, next })}>Older jobs</button>` : nothing}`;
  }

  // Opening a job does not reload the list.
  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("datasetName")) super.willUpdate(changed);
  }
}
