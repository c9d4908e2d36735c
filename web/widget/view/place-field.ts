// A place of the form: its two numbers side by side, and a plot of where they lie once that has been fetched.
import { html, nothing } from "lit";
import type { NumberFeature } from "#core/dataset/feature.ts";
import type { Place } from "#core/dataset/place.ts";
import { wordsIn } from "#core/dataset/words.ts";
import type { MapTiles } from "../attributes.ts";
import type { Position } from "../ground.ts";
import type { LazyPart } from "../lazy-part.ts";
import { type FieldContext, titleOf } from "./field-context.ts";
import { faultView, helpButton, requiredMark } from "./field-parts.ts";
import { numberEntry } from "./number-control.ts";

export interface PlaceContext {
  readonly place: Place;
  readonly latitude: NumberFeature;
  readonly longitude: NumberFeature;
  /** That of the place as a whole: its help, its words; and those of its two numbers. */
  readonly whole: FieldContext;
  readonly north: FieldContext;
  readonly east: FieldContext;
  /** Corners of where the training rows lie; none where the model does not say. */
  readonly extent: readonly Position[];
  readonly plot: LazyPart<typeof import("./place-plot.ts")>;
  readonly tiles: MapTiles | undefined;
  move(position: Position | undefined): void;
}

/** Both numbers of a position; undefined while one of them is missing. */
export function positionOf(latitude: unknown, longitude: unknown): Position | undefined {
  const isKnown = typeof latitude === "number" && typeof longitude === "number";
  return isKnown ? { latitude, longitude } : undefined;
}

function plotView(context: PlaceContext) {
  const { place, whole, north, east, extent, plot, tiles, move } = context;
  const { strings, locale, words, disabled } = whole;
  const present = positionOf(north.value, east.value);
  if (extent.length === 0 && !present) return nothing;
  const part = plot.get();
  if (!part) return plot.failed ? nothing : html`<div class="ground"></div>`;
  const degrees = (value: number) =>
    new Intl.NumberFormat(locale, { maximumFractionDigits: 4 }).format(value);
  const title = titleOf(place, words);
  const summary = present ? `${title}: ${degrees(present.latitude)}, ${degrees(present.longitude)}` : title;
  const plotted = { strings, locale, summary, present, tiles, disabled, pick: move };
  return part.positionPlot(plotted, extent);
}

export function placeView(context: PlaceContext) {
  const { place, latitude, longitude, whole, north, east, move } = context;
  const { strings, words, disabled, helpOpen } = whole;
  const title = titleOf(place, words);
  const isUnset = north.value === undefined && east.value === undefined;
  const half = (feature: NumberFeature, one: FieldContext) => html`<div>
    <label class="part" for="${feature.name}-entry">${titleOf(feature, words)}</label>
    <span class="entry">${numberEntry(feature, one)}</span>
  </div>`;
  return html`<div class="field place" part="field" role="group" data-feature=${place.name} aria-labelledby="${place.name}-title">
    <div class="caption">
      <span class="title" id="${place.name}-title">${title}${requiredMark(latitude, strings)}</span>
      ${helpButton(place, whole)}
      ${
        latitude.required
          ? nothing
          : html`<button
              type="button"
              class="forget"
              ?disabled=${disabled || isUnset}
              aria-label=${strings.forget(title)}
              @click=${() => move(undefined)}
            >×</button>`
      }
    </div>
    <div class="pair">${half(latitude, north)}${half(longitude, east)}</div>
    ${plotView(context)}
    ${
      place.description
        ? html`<p class="help" id="${place.name}-help" ?hidden=${!helpOpen}>${wordsIn(place.description, words)}</p>`
        : nothing
    }
    ${faultView(latitude, north)}${faultView(longitude, east)}
  </div>`;
}
