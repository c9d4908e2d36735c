// The price against one feature: a line within its band, and a mark where the visitor stands. Labels are HTML, so that text keeps its size.
import { html, nothing, svg } from "lit";
import type { Feature } from "#core/dataset/feature.ts";
import type { CurvePoint } from "../../engines/engine.ts";
import { formatAmount, formatQuantity } from "../amount.ts";
import type { Strings } from "../languages/english.ts";
import { titleOf } from "./field-context.ts";

const size = { width: 300, height: 100 } as const;
const gridLines = 3;

export interface CurveContext {
  readonly strings: Strings;
  readonly locale: string | undefined;
  readonly unit: string;
  readonly feature: Feature;
  readonly points: readonly CurvePoint[];
  readonly value: number | string | undefined;
  /** The price where the visitor stands, and its range. */
  readonly price: Pick<CurvePoint, "prediction" | "interval"> | undefined;
}

/** A step of 1, 2 or 5 times a power of ten, so that at most `gridLines` of it fit below `top`. */
export function gridStep(top: number): number {
  const power = 10 ** Math.floor(Math.log10(top / gridLines));
  return power * ([1, 2, 5].find((factor) => top / (power * factor) <= gridLines) ?? 10);
}

/** Where each value stands on the way from the first to the last, 0 to 1: by distance for numbers, evenly for levels. */
function shareOf({ feature, points }: CurveContext, at: number | string | undefined): number | undefined {
  if (feature.type === "category") {
    const index = points.findIndex((point) => point.at === at);
    return index < 0 ? undefined : index / Math.max(1, points.length - 1);
  }
  if (typeof at !== "number") return undefined;
  const [first, last] = [points[0].at, points[points.length - 1].at] as [number, number];
  const share = (at - first) / (last - first);
  return share >= 0 && share <= 1 ? share : undefined;
}

function line(context: CurveContext, top: number, amountOf: (point: CurvePoint) => number): string[] {
  return context.points.map((point) => {
    const x = (shareOf(context, point.at) ?? 0) * size.width;
    const y = size.height - (Math.max(0, amountOf(point)) / top) * size.height;
    return `${x.toFixed(2)},${y.toFixed(2)}`;
  });
}

/** The points with the one where the visitor stands among them: a mark beside its own line would be doubted. */
function withStand(context: CurveContext): CurveContext {
  const { points, value, price } = context;
  if (typeof value !== "number" || !price || shareOf(context, value) === undefined) return context;
  const [before, after] = [
    points.filter(({ at }) => (at as number) < value),
    points.filter(({ at }) => (at as number) > value),
  ];
  return { ...context, points: [...before, { ...price, at: value }, ...after] };
}

function plot(context: CurveContext, top: number) {
  const middle = line(context, top, ({ prediction }) => prediction);
  const low = line(context, top, ({ prediction, interval }) => interval?.low ?? prediction);
  const high = line(context, top, ({ prediction, interval }) => interval?.high ?? prediction);
  return html`<svg viewBox="0 0 ${size.width} ${size.height}" preserveAspectRatio="none" aria-hidden="true">
    ${svg`<polygon class="band" points=${[...high, ...low.reverse()].join(" ")}></polygon>
      <polyline class="line" points=${middle.join(" ")}></polyline>`}
  </svg>`;
}

function axis({ feature, points, locale }: CurveContext) {
  const words = ({ at }: CurvePoint) =>
    typeof at === "number" && feature.type === "number"
      ? formatQuantity(at, feature.unit, locale)
      : String(at);
  const shown = feature.type === "category" ? points : [points[0], points[points.length - 1]];
  return html`<div class="axis" aria-hidden="true">${shown.map((point) => html`<span>${words(point)}</span>`)}</div>`;
}

export function curveView(context: CurveContext) {
  const { strings, locale, unit, feature, points, value, price } = context;
  if (points.length < 2) return nothing;
  const [first, last] = [points[0], points[points.length - 1]];
  const top = Math.max(
    ...points.map(({ prediction, interval }) => interval?.high ?? prediction),
    Number.MIN_VALUE,
  );
  const step = gridStep(top);
  const grid = Array.from({ length: Math.floor(top / step) }, (_, at) => step * (at + 1));
  const title = titleOf(feature);
  const quantity = (at: number | string) =>
    typeof at === "number" && feature.type === "number"
      ? formatQuantity(at, feature.unit, locale)
      : String(at);
  const summary = strings.whatIfSummary(
    title,
    quantity(first.at),
    formatAmount(first.prediction, unit, locale),
    quantity(last.at),
    formatAmount(last.prediction, unit, locale),
  );
  const across = shareOf(context, value);
  const mark =
    across === undefined || !price
      ? nothing
      : html`<i class="mark-here" .style=${`inset-inline-start:${across * 100}%;inset-block-end:${(price.prediction / top) * 100}%`}></i>`;
  return html`<div class="curve" role="img" aria-label=${summary}>
      ${grid.map(
        (amount) =>
          html`<span class="grid-line" .style=${`inset-block-end:${(amount / top) * 100}%`}><span>${formatAmount(amount, unit, locale)}</span></span>`,
      )}
      ${plot(withStand(context), top)}${mark}
    </div>
    ${axis(context)}`;
}
