// One feature of the form: its label, its control, its help and what is wrong with it.

import { html, nothing, type TemplateResult } from "lit";
import type { Feature } from "#core/dataset/feature.ts";
import { wordsIn } from "#core/dataset/words.ts";
import { type FieldContext, titleOf } from "./field-context.ts";
import { levelControl } from "./level-control.ts";
import { numberEntry, numberSlider } from "./number-control.ts";

function helpButton(feature: Feature, { strings, words, helpOpen, toggleHelp }: FieldContext) {
  if (!feature.description) return nothing;
  return html`<button
    type="button"
    class="about"
    aria-expanded=${helpOpen}
    aria-controls="${feature.name}-help"
    aria-label=${strings.about(titleOf(feature, words))}
    @click=${toggleHelp}
  >?</button>`;
}

function forgetButton(feature: Feature, { strings, words, value, disabled, change }: FieldContext) {
  if (feature.required || feature.type === "category") return nothing;
  return html`<button
    type="button"
    class="forget"
    ?disabled=${disabled || value === undefined}
    aria-label=${strings.forget(titleOf(feature, words))}
    @click=${() => change(undefined)}
  >×</button>`;
}

export function fieldView(feature: Feature, context: FieldContext): TemplateResult {
  const { strings, words, fault, warning, helpOpen } = context;
  const isNumber = feature.type === "number";
  const mark = feature.required ? html`<span class="mark" title=${strings.required}>*</span>` : nothing;
  const title = titleOf(feature, words);
  return html`<div class="field" part="field" data-feature=${feature.name}>
    <div class="caption">
      ${
        isNumber
          ? html`<label class="title" for="${feature.name}-entry">${title}${mark}</label>`
          : html`<span class="title" id="${feature.name}-title">${title}${mark}</span>`
      }
      ${helpButton(feature, context)}
      ${isNumber ? html`<span class="entry">${numberEntry(feature, context)}${forgetButton(feature, context)}</span>` : nothing}
    </div>
    ${isNumber ? numberSlider(feature, context) : levelControl(feature, context)}
    ${
      feature.description
        ? html`<p class="help" id="${feature.name}-help" ?hidden=${!helpOpen}>${wordsIn(feature.description, words)}</p>`
        : nothing
    }
    ${fault ? html`<p class="fault" id="${feature.name}-fault" part="error">${fault}</p>` : nothing}
    ${warning ? html`<p class="warning" id="${feature.name}-warning">${warning}</p>` : nothing}
  </div>`;
}
