// A date as the browser's own date field, with the bounds of the spec; its value is the ISO text that rows carry.
import { html } from "lit";
import { live } from "lit/directives/live.js";
import { type CalendarKind, formatDay } from "#core/dataset/calendar.ts";
import type { NumberFeature } from "#core/dataset/feature.ts";
import { unfinished } from "../form-values.ts";
import { describedBy, type FieldContext } from "./field-context.ts";

export function dateEntry(feature: NumberFeature, as: CalendarKind, context: FieldContext) {
  const { value, draft, fault, disabled, edit } = context;
  const { name, minimum, maximum, required } = feature;
  const bound = (days: number | undefined) => (days === undefined ? "" : formatDay(days, as));
  // A date that is typed in part has no text yet: it is neither known nor unknown.
  const tell = (event: Event, done: boolean) => {
    const { value: text, validity } = event.target as HTMLInputElement;
    if (validity.badInput) edit(text, unfinished, done);
    else edit(text, text === "" ? undefined : text, done);
  };
  return html`<input
    id="${name}-entry"
    class="number date"
    type=${as === "date" ? "date" : "datetime-local"}
    min=${bound(minimum)}
    max=${bound(maximum)}
    ?disabled=${disabled}
    .value=${live(draft ?? String(value ?? ""))}
    aria-required=${required}
    aria-invalid=${fault !== undefined}
    aria-describedby=${describedBy(feature, context)}
    @input=${(event: Event) => tell(event, false)}
    @blur=${(event: Event) => tell(event, true)}
  />`;
}
