// The comparable rows, as cards: what they are, what they cost, and whether they match or merely resemble.
import { html } from "lit";
import type { Row } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Comparable } from "../../engines/engine.ts";
import { formatAmount, formatQuantity } from "../amount.ts";
import type { Strings } from "../languages/english.ts";
import { titleOf } from "./field-context.ts";

export interface ComparablesContext {
  readonly strings: Strings;
  readonly locale: string | undefined;
  readonly spec: DatasetSpec;
  /** How many are asked for: so many places are kept free from the beginning. */
  readonly places: number;
  readonly items: readonly Comparable[] | undefined;
  readonly failed: boolean;
  /** Off while the page prices for itself. */
  readonly resting: boolean;
}

function shown(spec: DatasetSpec, features: Row, locale: string | undefined) {
  const names = spec.similar ? [spec.similar.nearest, ...spec.similar.match] : [];
  const [nearest, ...match] = names.map((name) => {
    const feature = spec.features.find((each) => each.name === name);
    const value = features[name];
    return typeof value === "number" && feature?.type === "number"
      ? formatQuantity(value, feature.unit, locale)
      : String(value ?? "");
  });
  return { nearest, match: match.filter(Boolean).join(" · ") };
}

/** How an item is not what was asked for, in words. */
function difference({ exact, differs = [] }: Comparable, { strings, spec }: ComparablesContext): string {
  if (exact) return strings.exact;
  const words = differs.map(({ feature, found, wanted }) => {
    const known = spec.features.find(({ name }) => name === feature);
    return strings.differs(known ? titleOf(known) : feature, found, wanted);
  });
  return words.join(", ") || strings.near;
}

function card(item: Comparable, context: ComparablesContext) {
  const { strings, locale, spec } = context;
  const { nearest, match } = shown(spec, item.features, locale);
  return html`<li class="card ${item.exact ? "same" : ""}" part="comparable">
    <b>${item.target === null ? strings.unpriced : formatAmount(item.target, spec.target.unit, locale)}</b>
    <span>${nearest}</span>
    <span>${match}</span>
    <small>${difference(item, context)}</small>
  </li>`;
}

export function comparablesView(context: ComparablesContext) {
  const { strings, items, failed, resting, places } = context;
  if (resting) return html`<p class="note">${strings.comparablesOff}</p>`;
  if (failed) return html`<p class="note">${strings.comparablesFailed}</p>`;
  if (items?.length === 0) return html`<p class="note">${strings.comparablesNone}</p>`;
  const cards = items
    ? items.map((item) => card(item, context))
    : Array.from({ length: places }, () => html`<li class="card bone" aria-hidden="true"></li>`);
  return html`<ul>${cards}</ul>`;
}
