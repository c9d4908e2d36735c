// The form: what matters most first, the next behind a fold, and the rest, which may be thousands, drawn once it is opened.
import { html, nothing } from "lit";
import type { Feature } from "#core/dataset/feature.ts";
import type { Catalogue } from "../catalogue.ts";
import { groupFeatures } from "../feature-groups.ts";
import type { Language } from "../languages/index.ts";
import { fieldView } from "./field.ts";
import type { TagContext } from "./tag-context.ts";

export function formView({ spec, training }: Catalogue, language: Language, context: TagContext) {
  const { form, pricing, locale, words, disabled } = context;
  const { strings } = language;
  const news = {
    ...{ language, locale, words, disabled },
    errors: pricing.failure?.errors,
    warnings: pricing.price?.warnings,
  };
  const fields = (features: readonly Feature[]) =>
    features.map((feature) => fieldView(feature, form.context(feature, news)));
  const fold = (name: string, title: string, hint: unknown, features: readonly Feature[]) => {
    if (features.length === 0) return nothing;
    const faulty = features.some((feature) =>
      news.errors?.some(({ pointer }) => pointer === `/${feature.name}`),
    );
    const isOpen = form.isOpen(name) || faulty;
    return html`<details
      class="more"
      ?open=${isOpen}
      @toggle=${(event: Event) => form.toggleFold(name, (event.target as HTMLDetailsElement).open)}
    >
      <summary>${title}</summary>
      ${hint}
      ${isOpen || name === "more" ? fields(features) : nothing}
    </details>`;
  };
  const { open, more, rest } = groupFeatures(spec.features, training?.importance);
  const count = new Intl.NumberFormat(locale).format(rest.length);
  return html`<div class="form" part="form">
    ${fields(open)}
    ${fold("more", strings.moreDetail, html`<p class="hint">${strings.moreDetailHint}</p>`, more)}
    ${fold("rest", strings.otherFeatures(count), nothing, rest)}
    <p class="legend"><span class="mark">*</span> ${strings.required}</p>
  </div>`;
}
