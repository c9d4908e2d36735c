// One feature of the form: its label, its control, its help and what is wrong with it.

import { html, nothing, type TemplateResult } from "lit";
import type { CategoryFeature, Feature } from "#core/dataset/feature.ts";
import { wordsIn } from "#core/dataset/words.ts";
import type { LazyPart } from "../lazy-part.ts";
import type { Comboboxes } from "./combobox.ts";
import { dateEntry } from "./date-control.ts";
import { type FieldContext, titleOf } from "./field-context.ts";
import { faultView, helpButton, requiredMark } from "./field-parts.ts";
import { isLong, levelControl } from "./level-control.ts";
import { numberEntry, numberSlider } from "./number-control.ts";
import { switchControl } from "./switch-control.ts";

/** Where a control has no choice of its own for it, a button makes a feature unknown again. */
function forgetButton(feature: Feature, { strings, words, value, disabled, change }: FieldContext) {
  const hasChoice = feature.type === "category" && !feature.as && !isLong(feature);
  if (feature.required || hasChoice) return nothing;
  return html`<button
    type="button"
    class="forget"
    ?disabled=${disabled || value === undefined}
    aria-label=${strings.forget(titleOf(feature, words))}
    @click=${() => change(undefined)}
  >×</button>`;
}

/** What stands beside the title, and what below it. */
function controlsOf(feature: Feature, context: FieldContext, comboboxes: LazyPart<Comboboxes>) {
  if (feature.type === "number") {
    const { as } = feature;
    return as
      ? { beside: dateEntry(feature, as, context), below: nothing }
      : { beside: numberEntry(feature, context), below: numberSlider(feature, context) };
  }
  if (feature.as === "boolean") return { beside: switchControl(feature, context), below: nothing };
  return {
    beside: nothing,
    below: isLong(feature) ? longList(feature, context, comboboxes) : levelControl(feature, context),
  };
}

/** The plain list stands in where the code of the combobox cannot be fetched, and its value until it has been. */
function longList(feature: CategoryFeature, context: FieldContext, comboboxes: LazyPart<Comboboxes>) {
  const part = comboboxes.get();
  if (part) return part.view(feature, context);
  if (comboboxes.failed) return levelControl(feature, context);
  return html`<div class="combo"><input class="text" disabled .value=${String(context.value ?? "")} aria-labelledby="${feature.name}-title" /></div>`;
}

export function fieldView(
  feature: Feature,
  context: FieldContext,
  comboboxes: LazyPart<Comboboxes>,
): TemplateResult {
  const { strings, words, helpOpen } = context;
  const { name, description } = feature;
  const { beside, below } = controlsOf(feature, context, comboboxes);
  const label = html`${titleOf(feature, words)}${requiredMark(feature, strings)}`;
  return html`<div class="field" part="field" data-feature=${name}>
    <div class="caption">
      ${
        feature.type === "number"
          ? html`<label class="title" for="${name}-entry">${label}</label>`
          : html`<span class="title" id="${name}-title">${label}</span>`
      }
      ${helpButton(feature, context)}
      <span class="entry">${beside}${forgetButton(feature, context)}</span>
    </div>
    ${below}
    ${
      description
        ? html`<p class="help" id="${name}-help" ?hidden=${!helpOpen}>${wordsIn(description, words)}</p>`
        : nothing
    }
    ${faultView(feature, context)}
  </div>`;
}
