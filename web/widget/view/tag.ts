// The whole of the widget: the form, the price beside it, and what stands behind the price.

import { html, nothing } from "lit";
import { wordsIn } from "#core/dataset/words.ts";
import type { Catalogue } from "../catalogue.ts";
import type { Strings } from "../languages/english.ts";
import { fallbackLanguage } from "../languages/index.ts";
import { behindView } from "./behind.ts";
import { formView } from "./form.ts";
import { formBones } from "./form-bones.ts";
import { failureWords, noticeView } from "./notice.ts";
import { priceView } from "./price.ts";
import type { TagContext } from "./tag-context.ts";

function failureNotice(strings: Strings, context: TagContext) {
  const { pricing, engine, dataset, ask, switchEngine } = context;
  const { failure } = pricing;
  if (!failure) return nothing;
  const helps = failure.kind === "network" || failure.kind === "service";
  return noticeView(failureWords(failure, strings, dataset), strings, {
    retry: failure.kind === "row" ? undefined : ask,
    useBrowser: helps && engine !== "browser" ? () => switchEngine("browser") : undefined,
  });
}

function answerView({ spec, modelId }: Catalogue, strings: Strings, context: TagContext) {
  const { pricing, locale, engine, loadingModel, disabled, switchEngine, load } = context;
  if (!modelId) return noticeView(strings.noModel, strings, { retry: load });
  const { price, pricedBy, waiting, slow, failure } = pricing;
  return priceView({
    ...{ strings, locale, price, pricedBy, waiting, slow, engine, loadingModel, disabled, switchEngine },
    failed: failure !== undefined,
    title: strings.estimated(wordsIn(spec.target.title, context.words) ?? strings.price),
    notice: failureNotice(strings, context),
  });
}

function whole(context: TagContext) {
  const { language, catalogue, catalogueFailure, dataset, size, load } = context;
  if (language && catalogueFailure) {
    const words = failureWords(catalogueFailure, language.strings, dataset);
    return noticeView(words, language.strings, { retry: load });
  }
  if (!language || !catalogue) return formBones(size);
  const { strings } = language;
  const { spec, modelId } = catalogue;
  return html`${formView(catalogue, language, context)}
    <div class="side">${answerView(catalogue, strings, context)}</div>
    ${modelId ? behindView(spec, strings, context) : nothing}`;
}

export function tagView(context: TagContext) {
  const { size, announcement } = context;
  const { tag } = context.language ?? fallbackLanguage;
  return html`<div class="tag ${size}" part="tag" lang=${tag}>${whole(context)}</div>
    <div class="unseen" role="status" aria-live="polite" lang=${tag}>${announcement}</div>`;
}
