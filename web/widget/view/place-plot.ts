// A small plot of positions: where the visitor's thing lies, what is comparable around it, and rings of distance. Asks nobody for a map
// unless the page names one.
import { html, nothing, svg } from "lit";
import type { MapTiles } from "../attributes.ts";
import {
  distanceKm,
  type MapWindow,
  type Position,
  placeIn,
  pointAt,
  ringsWithin,
  tilesOf,
  toPosition,
  toWorld,
  windowAround,
  windowOver,
  worldPerKm,
} from "../ground.ts";
import type { Strings } from "../languages/english.ts";

/** Width over height, which the style sheet gives the plots too. */
const shapes = { position: 2.2, comparables: 1.6 } as const;
/** The size that tiles are chosen for. */
const usualWidthPx = 400;
/** Degrees to four digits are ten metres. */
const digits = 4;

export interface PlacePlot {
  readonly strings: Strings;
  readonly locale: string | undefined;
  /** What the plot shows, for those who cannot see it. */
  readonly summary: string;
  /** Where the visitor's thing lies; undefined while that is unknown. */
  readonly present: Position | undefined;
  readonly tiles: MapTiles | undefined;
}

interface Marked extends Position {
  readonly label: string;
  readonly exact: boolean;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)}%`;
}

function at(window: MapWindow, position: Position): string {
  const { x, y } = placeIn(window, toWorld(position));
  return `left:${percent(x)};top:${percent(y)}`;
}

function tileImages(tiles: MapTiles | undefined, window: MapWindow) {
  if (!tiles) return nothing;
  const { wide } = window;
  return tilesOf(tiles.template, window, usualWidthPx).map(
    ({ url, left, top, across, down }) =>
      svg`<image href=${url} x=${left * 100 * wide} y=${top * 100} width=${across * 100 * wide} height=${down * 100} preserveAspectRatio="none"></image>`,
  );
}

/** Distances in words: "500 m", "2 km". */
function distanceWords(km: number, locale: string | undefined): string {
  const [value, unit] = km < 1 ? [km * 1000, "meter"] : [km, "kilometer"];
  return new Intl.NumberFormat(locale, { style: "unit", unit, maximumFractionDigits: 1 }).format(value);
}

function frame(plot: PlacePlot, window: MapWindow, drawn: unknown, above: unknown) {
  const { tiles, summary, present } = plot;
  const { wide } = window;
  return html`<div class="ground" role="img" aria-label=${summary}>
    <svg viewBox="0 0 ${100 * wide} 100" aria-hidden="true">${tileImages(tiles, window)}${drawn}</svg>
    ${above}${present ? html`<i class="mark-here" .style=${at(window, present)}></i>` : nothing}
    ${tiles?.credit ? html`<small class="credit">${tiles.credit}</small>` : nothing}
  </div>`;
}

/** Comparable things around the visitor's own, with rings of distance. */
export function comparablesPlot(plot: PlacePlot & { readonly present: Position }, items: readonly Marked[]) {
  const { present, locale } = plot;
  const window = windowAround(present, items, shapes.comparables);
  const reachKm = Math.max(0.25, ...items.map((item) => distanceKm(present, item)));
  const kilometre = (worldPerKm(present) / (2 * window.half)) * 100;
  const rings = ringsWithin(reachKm * 1.1);
  const drawn = rings.map(
    (ring) => svg`<circle class="ring" cx=${50 * window.wide} cy="50" r=${ring * kilometre}></circle>`,
  );
  const labels = rings.map(
    (ring) =>
      html`<small class="ring-label" .style=${`left:50%;top:${percent(0.5 + (ring * kilometre) / 100)}`}>${distanceWords(ring, locale)}</small>`,
  );
  const dots = items.map(
    (item) =>
      html`<i class="dot ${item.exact ? "same" : ""}" .style=${at(window, item)}><b>${item.label}</b></i>`,
  );
  return frame(plot, window, drawn, html`${labels}${dots}`);
}

/** The window over `extent`, wider only where `present` lies outside it: what is chosen on the plot does not move the plot. */
function windowFor(extent: readonly Position[], present: Position | undefined): MapWindow {
  const usual = extent.length > 0 ? windowOver(extent, shapes.position) : undefined;
  if (!present) return usual!;
  const place = usual && placeIn(usual, toWorld(present));
  const isInside = place && [place.x, place.y].every((share) => share >= 0 && share <= 1);
  return isInside ? usual : windowOver([...extent, present], shapes.position);
}

/** The position that is entered, within where the training rows lie; a click chooses another. */
export function positionPlot(
  plot: PlacePlot & { readonly disabled: boolean; pick(position: Position): void },
  extent: readonly Position[],
) {
  const { present, disabled, pick } = plot;
  if (extent.length === 0 && !present) return nothing;
  const window = windowFor(extent, present);
  // A click and not a press: a finger that scrolls the page shall move nothing.
  const choose = (event: MouseEvent) => {
    if (disabled) return;
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const place = { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
    const { latitude, longitude } = toPosition(pointAt(window, place));
    pick({ latitude: Number(latitude.toFixed(digits)), longitude: Number(longitude.toFixed(digits)) });
  };
  const { wide } = window;
  const [corner, opposite] = extent.map((position) => placeIn(window, toWorld(position)));
  const usual =
    corner && opposite
      ? svg`<rect class="usual" x=${Math.min(corner.x, opposite.x) * 100 * wide} y=${Math.min(corner.y, opposite.y) * 100}
        width=${Math.abs(opposite.x - corner.x) * 100 * wide} height=${Math.abs(opposite.y - corner.y) * 100}></rect>`
      : nothing;
  return html`<div class=${disabled ? "picker" : "picker active"} @click=${choose}>${frame(plot, window, usual, html`${edgesOf(window, plot.locale)}${crossOf(window, present)}`)}</div>`;
}

/** The degrees at the four edges. */
function edgesOf(window: MapWindow, locale: string | undefined) {
  const [first, last] = [
    { x: 0, y: 0 },
    { x: 1, y: 1 },
  ].map((corner) => toPosition(pointAt(window, corner)));
  // Two digits that tell the edges apart.
  const span = Math.min(first.latitude - last.latitude, last.longitude - first.longitude);
  const fraction = Math.max(0, Math.min(digits, 1 - Math.floor(Math.log10(span))));
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: fraction });
  const edges = { north: first.latitude, south: last.latitude, west: first.longitude, east: last.longitude };
  return Object.entries(edges).map(
    ([side, degrees]) => html`<small class="edge ${side}">${number.format(degrees)}°</small>`,
  );
}

function crossOf(window: MapWindow, present: Position | undefined) {
  if (!present) return nothing;
  const { x, y } = placeIn(window, toWorld(present));
  return html`<span class="across" .style=${`top:${percent(y)}`}></span><span class="down" .style=${`left:${percent(x)}`}></span>`;
}
