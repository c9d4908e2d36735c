// A number: a field to type it and, where its range has two ends, a slider to drag it.
import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import type { NumberFeature } from "#core/dataset/feature.ts";
import { formatQuantity } from "../amount.ts";
import { unfinished } from "../form-values.ts";
import { type NumberScale, numberScale, snap, stepOf } from "../number-scale.ts";
import { describedBy, type FieldContext, titleOf } from "./field-context.ts";

const arrows: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
  PageUp: 10,
  PageDown: -10,
};

export function numberEntry(feature: NumberFeature, context: FieldContext) {
  const { strings, value, draft, fault, disabled, edit } = context;
  const { name, unit, required } = feature;
  const tell = (text: string, { badInput }: ValidityState, done: boolean) =>
    edit(text, badInput ? unfinished : text === "" ? undefined : Number(text), done);
  const onInput = (event: InputEvent) => {
    const { value: text, validity } = event.target as HTMLInputElement;
    tell(text, validity, false);
  };
  return html`<input
      id="${name}-entry"
      class="number"
      type="number"
      inputmode="decimal"
      step=${stepOf(feature)}
      ?disabled=${disabled}
      .value=${live(draft ?? String(value ?? ""))}
      placeholder=${required ? "" : strings.unknown}
      aria-required=${required}
      aria-invalid=${fault !== undefined}
      aria-describedby=${describedBy(feature, context)}
      @input=${onInput}
      @blur=${(event: FocusEvent) => {
        const { value: text, validity } = event.target as HTMLInputElement;
        tell(text, validity, true);
      }}
    />${unit ? html`<span class="unit">${unit}</span>` : nothing}`;
}

/** Keys move by one step of the value (ten with Page), also where the slider's own notches are finer or coarser than that. */
function keyedValue(key: string, scale: NumberScale, value: number): number | undefined {
  if (!(key in arrows)) return undefined;
  const moved = snap(value + arrows[key] * scale.step, scale.step);
  return Math.min(scale.maximum, Math.max(scale.minimum, moved));
}

export function numberSlider(feature: NumberFeature, context: FieldContext) {
  const scale = numberScale(feature);
  if (!scale) return nothing;
  const { strings, locale, words, value, resting, disabled, change } = context;
  const known = typeof value === "number";
  const shown = known ? value : Number(resting);
  const position = scale.toPosition(shown);
  const filled = ((position - scale.low) / (scale.high - scale.low)) * 100;
  return html`<input
    class="slider ${known ? "" : "resting"}"
    type="range"
    min=${scale.low}
    max=${scale.high}
    step=${scale.notch}
    ?disabled=${disabled}
    .value=${live(String(position))}
    .style=${`--filled:${filled}%`}
    aria-label=${strings.slider(titleOf(feature, words))}
    aria-valuetext=${known ? formatQuantity(value, feature.unit, locale) : strings.unknown}
    @input=${(event: InputEvent) => change(scale.toValue(Number((event.target as HTMLInputElement).value)))}
    @keydown=${(event: KeyboardEvent) => {
      // A page laid out from right to left turns the horizontal arrows round.
      const rtl = getComputedStyle(event.target as Element).direction === "rtl";
      const key = rtl
        ? event.key.replace(/^Arrow(Left|Right)$/, (_, side) =>
            side === "Left" ? "ArrowRight" : "ArrowLeft",
          )
        : event.key;
      const moved = keyedValue(key, scale, shown);
      if (moved === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      change(moved);
    }}
  />`;
}
