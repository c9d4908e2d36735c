// <dash-live>: the models that aliases point to, since when, and their held-out errors.

import { html, nothing, type TemplateResult } from "lit";
import type { Manifest } from "#core/bundle/manifest.ts";
import { asAmounts } from "#core/bundle/metrics-kind.ts";
import type { Alias, Page } from "../answers.ts";
import { askJson } from "../api.ts";
import { ago, amount, count, decimals, finePercent, moment, share } from "../format.ts";
import { Section } from "../section.ts";

interface Live {
  readonly alias: Alias;
  readonly manifest: Manifest;
}

/** The champion first, its challenger second, the others by name. */
const rank = ({ alias }: Alias) => (alias === "champion" ? 0 : alias === "challenger" ? 1 : 2);

export class DashLive extends Section<readonly Live[]> {
  protected override async load(signal: AbortSignal): Promise<readonly Live[]> {
    const root = `/v1/${encodeURIComponent(this.datasetName)}`;
    const { items } = await askJson<Page<Alias>>(`${root}/aliases?limit=20`, { signal });
    const ordered = [...items].sort((a, b) => rank(a) - rank(b) || a.alias.localeCompare(b.alias));
    return Promise.all(
      ordered.map(async (alias) => ({
        alias,
        manifest: await askJson<Manifest>(`${root}/models/${alias.model}`, { signal }),
      })),
    );
  }

  #figures({ metrics, data }: Manifest) {
    const { rows } = metrics.heldOut;
    const amounts = asAmounts(metrics.heldOut);
    const { meanAbsolutePercentageError = null, r2Score = null } = amounts ?? {};
    const kept = metrics.intervals?.filter(({ given }) => given === "as they are") ?? [];
    // The usual coverage, or the nearest one measured.
    const usual = 0.9;
    const interval = [...kept].sort((a, b) => Math.abs(a.coverage - usual) - Math.abs(b.coverage - usual))[0];
    return html`<dl class="figures">
      <div><dt>Mean absolute error</dt><dd>${amounts ? amount(amounts.meanAbsoluteError, this.unit) : "—"}</dd>
        <dd class="aside">on ${count(rows)} held-out rows</dd></div>
      ${
        meanAbsolutePercentageError === null
          ? nothing
          : html`<div><dt>Percentage error</dt><dd>${finePercent(meanAbsolutePercentageError)}</dd>
        <dd class="aside">R² ${r2Score === null ? "—" : decimals(r2Score, 4)}</dd></div>`
      }
      ${
        interval
          ? html`<div><dt>Interval coverage</dt><dd>${finePercent(interval.within)}</dd>
        <dd class="aside">${share(interval.coverage)} nominal</dd></div>`
          : nothing
      }
      <div><dt>Trained on</dt><dd>${count(data.trainRows)}</dd><dd class="aside">rows</dd></div>
    </dl>`;
  }

  protected override show(live: readonly Live[]): TemplateResult {
    if (live.length === 0)
      return html`<p class="quiet-words">No model is live yet. Publish one, or start a training under Jobs.</p>`;
    const hasChallenger = live.some(({ alias }) => alias.alias === "challenger");
    return html`<div class="cards">${live.map(
      ({ alias, manifest }) => html`<article class=${alias.alias === "champion" ? "card first" : "card"}>
        <header><h3>${alias.alias}</h3><span class="chip">${manifest.family}</span></header>
        <p class="title">${manifest.title}</p>
        ${this.#figures(manifest)}
        <p class="aside"><code>${alias.model}</code> · since <time datetime=${alias.updatedAt}>${moment(alias.updatedAt)}</time>,
          ${ago(alias.updatedAt)}</p>
      </article>`,
    )}</div>
    ${hasChallenger ? nothing : html`<p class="quiet-words">There is no shadow challenger. Point the challenger alias at a model in the ledger.</p>`}`;
  }
}
