// A yes or no as a switch; an optional one begins unknown, says so, and can be set back to it.
import { html } from "lit";
import { live } from "lit/directives/live.js";
import type { CategoryFeature } from "#core/dataset/feature.ts";
import { describedBy, type FieldContext } from "./field-context.ts";
import { valueWords } from "./value-words.ts";

export function switchControl(feature: CategoryFeature, context: FieldContext) {
  const { value, fault, disabled, change } = context;
  const { name } = feature;
  const toggle = (event: Event) => change((event.target as HTMLInputElement).checked);
  const state = `${name}-state`;
  const described = describedBy(feature, context);
  return html`<label class="switch ${value === undefined ? "unknown" : ""}">
    <input
      type="checkbox"
      role="switch"
      aria-labelledby="${name}-title"
      aria-describedby=${typeof described === "string" ? `${state} ${described}` : state}
      aria-invalid=${fault !== undefined}
      ?disabled=${disabled}
      .checked=${live(String(value) === "true")}
      @change=${toggle}
    />
    <span class="track" aria-hidden="true"></span>
    <span id=${state}>${valueWords(feature, value, context)}</span>
  </label>`;
}
