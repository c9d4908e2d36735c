// <dash-drift>: compares the distributions of recent requests with those of the champion's held-out rows.

import { html, nothing, type TemplateResult } from "lit";
import type { Manifest } from "#core/bundle/manifest.ts";
import type { Feature } from "#core/dataset/feature.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { wordsIn } from "#core/dataset/words.ts";
import type { Alias, LoggedRequest } from "../answers.ts";
import { askJson, askPages, query } from "../api.ts";
import { type Bin, distance, drawShares, levelShares, numberShares } from "../charts/shares.ts";
import { count, figure, finePercent, moment, plural } from "../format.ts";
import { findPrice, type LoggedPrice } from "../replay.ts";
import { Section } from "../section.ts";

interface Drift {
  readonly spec: DatasetSpec;
  readonly manifest: Manifest;
  readonly prices: readonly LoggedPrice[];
  readonly from: string | undefined;
}

interface Picture {
  readonly title: string;
  readonly bins: readonly Bin[];
  readonly areLevels: boolean;
  readonly aside: string;
}

const readRequests = 600;
/** Fewer are too few for a distribution. */
const fewest = 10;

type Values = readonly (number | string | undefined)[];

// The graph casts numbers to float32, and so are the ranges: 0.2 is not below a range that starts at 0.20000000298.
const isBeyond = (value: number, { minimum, maximum }: { minimum: number; maximum: number }) =>
  Math.fround(value) < minimum || Math.fround(value) > maximum;

function pictureOf(feature: Feature, now: Values, before: Values, manifest: Manifest): Picture | undefined {
  const title = wordsIn(feature.title) ?? feature.name;
  if (feature.type === "category") {
    const given = (values: Values) => values.filter((value) => typeof value === "string");
    if (given(now).length === 0) return undefined;
    const bins = levelShares(given(now), given(before), feature.levels);
    return { title, bins, areLevels: true, aside: "" };
  }
  const given = (values: Values) => values.filter((value) => typeof value === "number");
  const [asked, tested] = [given(now), given(before)];
  if (asked.length === 0 || tested.length === 0) return undefined;
  const range = manifest.ranges[feature.name];
  const beyond = range ? asked.filter((value) => isBeyond(value, range)).length : 0;
  const unit = feature.unit ? ` ${feature.unit}` : "";
  const aside = range
    ? `${beyond === 0 ? "None" : `${count(beyond)} of ${count(asked.length)}`} outside the training range ${figure(range.minimum)} to ${figure(range.maximum)}${unit}.`
    : "";
  return {
    title: `${title}${feature.unit ? `, ${feature.unit}` : ""}`,
    bins: numberShares(asked, tested),
    areLevels: false,
    aside,
  };
}

export class DashDrift extends Section<Drift> {
  protected override async load(signal: AbortSignal): Promise<Drift> {
    const root = `/v1/${encodeURIComponent(this.datasetName)}`;
    const [{ spec }, alias, log] = await Promise.all([
      askJson<{ spec: DatasetSpec }>(root, { signal }),
      askJson<Alias>(`${root}/aliases/champion`, { signal }),
      askPages<LoggedRequest>(
        (cursor) => `/v1/requests${query({ dataset: this.datasetName, status: 200, limit: 200, cursor })}`,
        ...([readRequests, signal] as const),
      ),
    ]);
    const manifest = await askJson<Manifest>(`${root}/models/${alias.model}`, { signal });
    const prices = log.items.flatMap((request) => findPrice(request) ?? []);
    return { spec, manifest, prices, from: log.items.at(-1)?.time };
  }

  #picture({ title, bins, areLevels, aside }: Picture) {
    const apart = finePercent(distance(bins));
    const widest = [...bins].sort((a, b) => Math.abs(b.now - b.before) - Math.abs(a.now - a.before))[0];
    const words = `${title}: the distributions differ by ${apart}, most at ${widest.label}: ${finePercent(widest.now)} of requests, ${finePercent(widest.before)} of held-out rows.`;
    return html`<figure><figcaption><strong>${title}</strong> — ${apart} different</figcaption>
      <dash-chart .draw=${drawShares(bins, areLevels)} .label=${words}></dash-chart>
      ${aside ? html`<p class="aside">${aside}</p>` : nothing}</figure>`;
  }

  protected override show({ spec, manifest, prices, from }: Drift): TemplateResult {
    if (prices.length < fewest)
      return html`<p class="quiet-words">Only ${plural(prices.length, "logged prediction")} of single rows so far. Charts need at least ${fewest}.</p>`;
    const { probes } = manifest;
    const features = spec.features.flatMap((feature) => {
      const now = prices.map(({ row }) => row[feature.name]);
      const before = probes.map(({ row }) => row[feature.name]);
      return pictureOf(feature, now, before, manifest) ?? [];
    });
    const predicted: Picture = {
      title: `Predicted ${(wordsIn(spec.target.title) ?? spec.target.name).toLowerCase()}, ${this.unit}`,
      bins: numberShares(
        prices.map(({ answer }) => answer.prediction),
        probes.map(({ prediction }) => prediction),
        true,
      ),
      areLevels: false,
      aside: "Logarithmic bins.",
    };
    return html`<p class="aside">Based on ${plural(prices.length, "logged prediction")} of single rows${from ? html`, since ${moment(from)}` : nothing},
        compared with ${count(probes.length)} held-out rows from the champion’s manifest. Small samples differ by chance: compare shapes, not digits.</p>
      <ul class="legend"><li><span class="swatch-now" aria-hidden="true"></span> requests</li><li><span class="swatch-then" aria-hidden="true"></span> held-out rows</li></ul>
      <div class="grid">${[predicted, ...features].map((picture) => this.#picture(picture))}</div>`;
  }
}
