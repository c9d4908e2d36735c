// What every field of the form has around its control: mark, help, what is wrong with it.
import { html, nothing } from "lit";
import type { Feature } from "#core/dataset/feature.ts";
import type { Words } from "#core/dataset/words.ts";
import type { Strings } from "../languages/english.ts";
import { type FieldContext, titleOf } from "./field-context.ts";

interface Named {
  readonly name: string;
  readonly title?: Words | undefined;
  readonly description?: Words | undefined;
}

export function requiredMark({ required }: Pick<Feature, "required">, strings: Strings) {
  return required ? html`<span class="mark" title=${strings.required}>*</span>` : nothing;
}

export function helpButton(named: Named, { strings, words, helpOpen, toggleHelp }: FieldContext) {
  if (!named.description) return nothing;
  return html`<button
    type="button"
    class="about"
    aria-expanded=${helpOpen}
    aria-controls="${named.name}-help"
    aria-label=${strings.about(titleOf(named, words))}
    @click=${toggleHelp}
  >?</button>`;
}

export function faultView({ name }: Named, { fault, warning }: FieldContext) {
  return html`${fault ? html`<p class="fault" id="${name}-fault" part="error">${fault}</p>` : nothing}
    ${warning ? html`<p class="warning" id="${name}-warning">${warning}</p>` : nothing}`;
}
