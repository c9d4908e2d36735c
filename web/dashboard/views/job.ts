// <dash-job>: one job with live progress and log lines, its result, and a cancel button.
import { html, nothing, type TemplateResult } from "lit";
import type { Job, JobProgress } from "#core/api/jobs.ts";
import { ask, askJson } from "../api.ts";
import { followEvents } from "../event-stream.ts";
import { faultWords } from "../fault-words.ts";
import { clock } from "../format.ts";
import { Section } from "../section.ts";
import { stateSigns } from "./jobs.ts";

/** Log lines shown, the latest ones; the command line prints them all. */
const shownLines = 200;

const isOver = (job: Job) => job.finishedAt !== null;

function lineOf(data: string): string {
  try {
    const told = JSON.parse(data) as { line?: unknown; text?: unknown };
    return typeof told === "string" ? told : String(told.line ?? told.text ?? data);
  } catch {
    return data;
  }
}

export class DashJob extends Section<Job> {
  static override readonly properties = {
    ...Section.properties,
    lines: { state: true },
    told: { state: true },
  };
  declare private lines: readonly string[];
  declare private told: string;

  protected override async load(signal: AbortSignal): Promise<Job> {
    this.lines = [];
    this.told = "";
    const job = await askJson<Job>(this.#path, { signal });
    void this.#follow(job, signal);
    return job;
  }

  get #path(): string {
    return `/v1/jobs/${encodeURIComponent(this.at ?? "")}`;
  }

  async #follow(first: Job, signal: AbortSignal): Promise<void> {
    let job = first;
    try {
      for await (const { type, data } of followEvents(`${this.#path}/events`, () => isOver(job), signal)) {
        if (type === "log") this.lines = [...this.lines, lineOf(data)].slice(-shownLines);
        if (type === "progress") job = { ...job, progress: JSON.parse(data) as JobProgress };
        if (type === "state") job = await askJson<Job>(this.#path, { signal });
        if (!signal.aborted) this.data = job;
      }
      if (!isOver(first)) this.dispatchEvent(new CustomEvent("dash:ended"));
    } catch (error) {
      if (!signal.aborted) this.told = `Live updates stopped: ${faultWords(error)}`;
    }
  }

  async #cancel(): Promise<void> {
    try {
      await ask(`${this.#path}/cancel`, { method: "POST" });
      this.told = "Cancelling. The trainer is told within 20 seconds.";
    } catch (error) {
      this.told = faultWords(error);
    }
  }

  #progress({ progress, state }: Job) {
    if (!progress || state !== "running") return nothing;
    const { label, done, total, note } = progress;
    return html`<label class="progress"><span>${label}${note ? ` — ${note}` : ""}</span>
      <progress max=${total || 1} value=${total ? done : nothing}></progress></label>`;
  }

  protected override show(job: Job): TemplateResult {
    const { id, kind, state, createdAt, actor, worker, error, result, cancelRequested } = job;
    return html`<article class="card">
      <header><h3>${kind === "train" ? "Training" : "Batch"}</h3>
        <span class=${`state ${state}`}><span aria-hidden="true">${stateSigns[state]}</span> ${state}</span></header>
      <p class="aside"><code>${id}</code> · requested by ${actor} on ${clock(createdAt)}${worker ? ` · run by ${worker}` : ""}</p>
      ${this.#progress(job)}
      ${error ? html`<p class="fault">${error}</p>` : nothing}
      <p role="status" class="told">${this.told || nothing}</p>
      ${isOver(job) || cancelRequested ? nothing : html`<button type="button" class="quiet" @click=${this.#cancel}>Cancel this job</button>`}
      ${
        this.lines.length > 0
          ? html`<h4>Log</h4><pre class="log" tabindex="0" role="log" aria-label="Lines of the job">${this.lines.join("\n")}</pre>`
          : nothing
      }
      ${result ? html`<details><summary>Result</summary><pre tabindex="0" aria-label="Result as JSON">${JSON.stringify(result, null, 2)}</pre></details>` : nothing}
    </article>`;
  }
}
