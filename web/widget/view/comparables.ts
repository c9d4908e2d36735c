// The comparable rows, as cards: what they are, what they cost, and whether they match or merely resemble.
import { html, nothing } from "lit";
import { nearestNumber } from "#core/dataset/nearest.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Comparable, GivenRow, Spread } from "../../engines/engine.ts";
import { formatAmount } from "../amount.ts";
import type { MapTiles } from "../attributes.ts";
import type { Strings } from "../languages/english.ts";
import type { LazyPart } from "../lazy-part.ts";
import { titleOf } from "./field-context.ts";
import { positionOf } from "./place-field.ts";
import { valueWords } from "./value-words.ts";

export interface ComparablesContext {
  readonly strings: Strings;
  readonly locale: string | undefined;
  readonly words: string;
  readonly spec: DatasetSpec;
  /** How many are asked for: so many places are kept free from the beginning. */
  readonly places: number;
  readonly items: readonly Comparable[] | undefined;
  readonly spread: Spread | null | undefined;
  readonly failed: boolean;
  /** Off while the page prices for itself. */
  readonly resting: boolean;
  /** The row that the items are like, for where it lies. */
  readonly row: GivenRow | undefined;
  readonly plot: LazyPart<typeof import("./place-plot.ts")>;
  readonly tiles: MapTiles | undefined;
}

function shown({ features }: Comparable, context: ComparablesContext) {
  const { spec } = context;
  const names = spec.similar ? [nearestNumber(spec) ?? "", ...spec.similar.match] : [];
  const [nearest, ...match] = names.map((name) => {
    const feature = spec.features.find((each) => each.name === name);
    return features[name] === undefined ? "" : valueWords(feature, features[name], context);
  });
  return { nearest, match: match.filter(Boolean).join(" · ") };
}

/** Titles as a list in the language of the page: "cut, color, and clarity". */
function listTitles(titles: readonly string[], { locale }: ComparablesContext): string {
  return new Intl.ListFormat(locale, { type: "conjunction" }).format(
    titles.map((title) => title.toLowerCase()),
  );
}

/** What an item shares with what was asked for, or how it differs, in words. */
function difference({ exact, differs = [] }: Comparable, context: ComparablesContext): string {
  const { strings, spec, words } = context;
  const matched = spec.features.filter(({ name }) => spec.similar?.match.includes(name));
  if (exact && matched.length > 0)
    return strings.exact(
      listTitles(
        matched.map((feature) => titleOf(feature, words)),
        context,
      ),
    );
  const told = differs.map(({ feature, found, wanted }) => {
    const known = spec.features.find(({ name }) => name === feature);
    const [has, asked] = [found, wanted].map((level) => valueWords(known, level, context));
    return strings.differs(known ? titleOf(known, words) : feature, has, asked);
  });
  return told.join(", ") || strings.near;
}

/** Where the items lie around what is asked for; undefined where the dataset has no place, or the row does not give it. */
function layOut({ spec, row, items = [] }: ComparablesContext) {
  const [place] = spec.places ?? [];
  const of = (features: GivenRow | undefined) =>
    place && features && positionOf(features[place.latitude], features[place.longitude]);
  const present = of(row);
  if (!present) return undefined;
  const marked = items.map((item, at) => ({
    label: String(at + 1),
    exact: item.exact,
    position: of(item.features),
  }));
  return { present, marked };
}

function mapView(context: ComparablesContext) {
  const { strings, locale, plot, tiles, items = [] } = context;
  const laid = layOut(context);
  if (!laid || items.length === 0 || plot.failed) return nothing;
  const part = plot.get();
  if (!part) return html`<div class="ground"></div>`;
  const placed = laid.marked.flatMap(({ position, ...item }) => (position ? [{ ...item, ...position }] : []));
  const summary = strings.comparablesMap(String(placed.length));
  return part.comparablesPlot({ strings, locale, summary, present: laid.present, tiles }, placed);
}

function card(item: Comparable, at: number, context: ComparablesContext) {
  const { strings, locale, spec } = context;
  // The numbers of the cards are those of the dots on the map.
  const rank = layOut(context) ? html`<i class="rank">${at + 1}</i> ` : nothing;
  const { nearest, match } = shown(item, context);
  return html`<li class="card ${item.exact ? "same" : ""}" part="comparable">
    <b>${rank}${item.target === null ? strings.unpriced : formatAmount(item.target, spec.target.unit, locale)}</b>
    <span>${nearest}</span>
    <span>${match}</span>
    <small>${difference(item, context)}</small>
  </li>`;
}

/** What more of them cost than there are cards for. */
function spreadNote({ spread, items = [], strings, locale, spec }: ComparablesContext) {
  if (!spread || spread.count <= items.length) return nothing;
  const amount = (value: number) => formatAmount(value, spec.target.unit, locale);
  const { count, median, lowerQuartile, upperQuartile } = spread;
  const words = strings.spread(String(count), amount(median), amount(lowerQuartile), amount(upperQuartile));
  return html`<p class="note" part="spread">${words}</p>`;
}

export function comparablesView(context: ComparablesContext) {
  const { strings, items, failed, resting, places } = context;
  if (resting) return html`<p class="note">${strings.comparablesOff}</p>`;
  if (failed) return html`<p class="note">${strings.comparablesFailed}</p>`;
  if (items?.length === 0) return html`<p class="note">${strings.comparablesNone}</p>`;
  const cards = items
    ? items.map((item, at) => card(item, at, context))
    : Array.from({ length: places }, () => html`<li class="card bone" aria-hidden="true"></li>`);
  return html`${mapView(context)}<ul>${cards}</ul>${spreadNote(context)}`;
}
