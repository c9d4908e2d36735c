// <dash-request>: one logged request with both bodies, its model, and a replay that compares every digit.
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
        ? `Identical to the last digit: ${price.answer.prediction}, by ${price.answer.model.id}.`
        : `Different: ${differences.join("; ")}.`;
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
      <p class="aside"><code>${id}</code> · ${clock(time)} · ${count(Math.round(latencyMs))} ms${modelId ? html` · <code>${modelId}</code>` : nothing}</p>
      ${
        outcome
          ? html`<p>Actual price <strong>${amount(outcome.actual, this.unit)}</strong>; error ${change(outcome.error, this.unit)}${
              outcome.covered === null
                ? ""
                : outcome.covered
                  ? ", within the interval"
                  : ", outside the interval"
            }.</p>`
          : nothing
      }
      ${
        price && dataset
          ? html`<div class="actions"><button type="button" class="main" @click=${() => this.#replay(price, dataset)}>Replay</button>
            <span role="status" class=${this.verdict?.good === false ? "fault" : "told"}>${this.verdict?.words ?? nothing}</span></div>`
          : nothing
      }
      <div class="pair">
        <figure><figcaption>Request body</figcaption><pre tabindex="0" aria-label="Request body">${pretty(requestBody)}</pre></figure>
        <figure><figcaption>Response body</figcaption><pre tabindex="0" aria-label="Response body">${pretty(responseBody)}</pre></figure>
      </div>
    </article>`;
  }
}
