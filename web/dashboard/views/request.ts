// <dash-request>: one logged request: what was sent, what was answered, by which model, and whether it still prices the same.
import { html, nothing, type TemplateResult } from "lit";
import { addressOf } from "../address.ts";
import type { LoggedRequest } from "../answers.ts";
import { askJson } from "../api.ts";
import { faultWords } from "../fault-words.ts";
import { amount, change, clock, count } from "../format.ts";
import { findPrice, type LoggedPrice, replay } from "../replay.ts";
import { Section } from "../section.ts";

function pretty(text: string | null): string {
  try {
    return JSON.stringify(JSON.parse(text ?? ""), null, 2);
  } catch {
    return text ?? "(none)";
  }
}

export class DashRequest extends Section<LoggedRequest> {
  static override readonly properties = { ...Section.properties, verdict: { state: true } };
  declare private verdict: { readonly good: boolean; readonly words: string } | undefined;

  protected override load(signal: AbortSignal): Promise<LoggedRequest> {
    this.verdict = undefined;
    return askJson(`/v1/requests/${encodeURIComponent(this.at ?? "")}`, { signal });
  }

  async #replay(price: LoggedPrice, dataset: string): Promise<void> {
    this.verdict = undefined;
    try {
      const differences = await replay(dataset, price);
      const good = differences.length === 0;
      const words = good
        ? `The same to the last digit: ${price.answer.prediction}, by ${price.answer.model.id}.`
        : `Not the same: ${differences.join("; ")}.`;
      this.verdict = { good, words };
    } catch (error) {
      this.verdict = { good: false, words: faultWords(error) };
    }
  }

  protected override show(request: LoggedRequest): TemplateResult {
    const {
      id,
      time,
      method,
      path,
      status,
      latencyMs,
      modelId,
      outcome,
      dataset,
      requestBody,
      responseBody,
    } = request;
    const price = findPrice(request);
    return html`<article class="card">
      <header><h3>${method} ${status}</h3><a href=${addressOf(this.datasetName, "requests")}>Close</a></header>
      <p class="aside"><code>${path}</code></p>
      <p class="aside"><code>${id}</code> · ${clock(time)} · waited ${count(Math.round(latencyMs))} ms${modelId ? html` · <code>${modelId}</code>` : nothing}</p>
      ${
        outcome
          ? html`<p>It really cost <strong>${amount(outcome.actual, this.unit)}</strong>: the price was ${change(outcome.error, this.unit)} off${
              outcome.covered === null ? "" : outcome.covered ? ", within its range" : ", outside its range"
            }.</p>`
          : nothing
      }
      ${
        price && dataset
          ? html`<div class="actions"><button type="button" class="main" @click=${() => this.#replay(price, dataset)}>Price it again</button>
            <span role="status" class=${this.verdict?.good === false ? "fault" : "told"}>${this.verdict?.words ?? nothing}</span></div>`
          : nothing
      }
      <div class="pair">
        <figure><figcaption>Sent</figcaption><pre tabindex="0" aria-label="Body of the request">${pretty(requestBody)}</pre></figure>
        <figure><figcaption>Answered</figcaption><pre tabindex="0" aria-label="Body of the answer">${pretty(responseBody)}</pre></figure>
      </div>
    </article>`;
  }
}
