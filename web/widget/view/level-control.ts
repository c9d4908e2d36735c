// A category: a scale from worst to best where its levels are ordered and few, a list otherwise.

import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import type { CategoryFeature } from "#core/dataset/feature.ts";
import { wordsIn } from "#core/dataset/words.ts";
import { describedBy, type FieldContext } from "./field-context.ts";

/** More levels, or more letters, than this do not fit a narrow page side by side. */
const scaleLimits = { levels: 12, letters: 60 } as const;

/** Longer lists are searched by typing, not scrolled through. */
const longFrom = 13;

export function isLong(feature: CategoryFeature): boolean {
  return feature.levels.length >= longFrom && !fitsScale(feature);
}

function fitsScale({ ordered, levels }: CategoryFeature): boolean {
  return ordered && levels.length <= scaleLimits.levels && levels.join("").length <= scaleLimits.letters;
}

function radio(feature: CategoryFeature, level: string | undefined, context: FieldContext) {
  const { strings, value, disabled, change } = context;
  return html`<label class=${level === undefined ? "level unset" : "level"}>
    <input type="radio" name=${feature.name} value=${level ?? ""} ?disabled=${disabled} .checked=${live(value === level)} @change=${() => change(level)} />
    <span>${level ?? strings.unknown}</span>
  </label>`;
}

/** The help of every level lies in one place, all but the chosen one invisible: choosing another moves nothing. */
function levelHelp({ levels, levelDescriptions }: CategoryFeature, { value, words }: FieldContext) {
  if (!levelDescriptions) return nothing;
  return html`<div class="level-help">
    ${levels.map((level) => html`<p ?data-shown=${level === value}>${wordsIn(levelDescriptions[level], words)}</p>`)}
  </div>`;
}

function scale(feature: CategoryFeature, context: FieldContext) {
  const { strings, fault } = context;
  return html`<div
      class="scale"
      role="radiogroup"
      aria-labelledby="${feature.name}-title"
      aria-required=${feature.required}
      aria-invalid=${fault !== undefined}
      aria-describedby=${describedBy(feature, context)}
    >
      ${feature.required ? nothing : radio(feature, undefined, context)}
      <div class="levels">${feature.levels.map((level) => radio(feature, level, context))}</div>
    </div>
    <div class="ends" aria-hidden="true"><span>${strings.worst}</span><span>${strings.best}</span></div>`;
}

function list(feature: CategoryFeature, context: FieldContext) {
  const { strings, value, fault, disabled, change } = context;
  const pick = (event: Event) => change((event.target as HTMLSelectElement).value || undefined);
  return html`<select
    aria-labelledby="${feature.name}-title"
    ?disabled=${disabled}
    aria-required=${feature.required}
    aria-invalid=${fault !== undefined}
    aria-describedby=${describedBy(feature, context)}
    .value=${live(String(value ?? ""))}
    @change=${pick}
  >
    ${feature.required ? nothing : html`<option value="" ?selected=${value === undefined}>${strings.unknown}</option>`}
    ${feature.levels.map((level) => html`<option value=${level} ?selected=${level === value}>${level}</option>`)}
  </select>`;
}

export function levelControl(feature: CategoryFeature, context: FieldContext) {
  return html`${fitsScale(feature) ? scale(feature, context) : list(feature, context)}${levelHelp(feature, context)}`;
}
