// The price against one feature: a line within its band, and a mark where the visitor stands. Labels are HTML, so that text keeps its size.
import { html, nothing, svg } from "lit";
import type { Feature } from "#core/dataset/feature.ts";
import type { CurvePoint } from "../../engines/engine.ts";
import { formatAmount } from "../amount.ts";
import type { Value } from "../form-values.ts";
import type { Strings } from "../languages/english.ts";
import { axisLabels, type Span, spanOf } from "./curve-scale.ts";
import { valueWords } from "./value-words.ts";

const size = { width: 300, height: 100 } as const;
const gridLines = 3;

export interface CurveContext {
  readonly strings: Strings;
  readonly locale: string | undefined;
  readonly unit: string;
  readonly feature: Feature;
  readonly title: string;
  readonly points: readonly CurvePoint[];
  readonly logarithmic: boolean;
  readonly value: Value;
  /** The price where the visitor stands, and its range. */
  readonly price: Pick<CurvePoint, "prediction" | "interval"> | undefined;
}

/** A point with its place on the axis, 0 to 1. */
interface Placed extends Pick<CurvePoint, "prediction" | "interval"> {
  readonly share: number;
}

/** A step of 1, 2 or 5 times a power of ten, so that at most `gridLines` of it fit below `top`. */
export function gridStep(top: number): number {
  const power = 10 ** Math.floor(Math.log10(top / gridLines));
  return power * ([1, 2, 5].find((factor) => top / (power * factor) <= gridLines) ?? 10);
}

/** The points in their places, with the one where the visitor stands among them: a mark beside its own line would be doubted. */
function placed({ feature, points, value, price }: CurveContext, span: Span): Placed[] {
  const all = points.map((point) => ({ ...point, share: span.shareOf(point.at) ?? 0 }));
  const share = span.shareOf(value);
  if (feature.type === "category" || share === undefined || !price) return all;
  const others = all.filter((point) => point.share !== share);
  return [...others, { ...price, share }].sort((a, b) => a.share - b.share);
}

function line(points: readonly Placed[], top: number, amountOf: (point: Placed) => number): string[] {
  return points.map((point) => {
    const y = size.height - (Math.max(0, amountOf(point)) / top) * size.height;
    return `${(point.share * size.width).toFixed(2)},${y.toFixed(2)}`;
  });
}

function plot(points: readonly Placed[], top: number) {
  const middle = line(points, top, ({ prediction }) => prediction);
  const low = line(points, top, ({ prediction, interval }) => interval?.low ?? prediction);
  const high = line(points, top, ({ prediction, interval }) => interval?.high ?? prediction);
  return html`<svg viewBox="0 0 ${size.width} ${size.height}" preserveAspectRatio="none" aria-hidden="true">
    ${svg`<polygon class="band" points=${[...high, ...low.reverse()].join(" ")}></polygon>
      <polyline class="line" points=${middle.join(" ")}></polyline>`}
  </svg>`;
}

function axis(context: CurveContext, span: Span) {
  const label = (value: Value) => {
    const share = span.shareOf(value) ?? 0;
    const place = share === 0 ? "first" : share === 1 ? "last" : "";
    return html`<span class=${place} .style=${`inset-inline-start:${share * 100}%`}>${valueWords(context.feature, value, context)}</span>`;
  };
  return html`<div class="axis" aria-hidden="true">${axisLabels(context.feature, span).map(label)}</div>`;
}

export function curveView(context: CurveContext) {
  const { strings, locale, unit, feature, title, points, value, price, logarithmic } = context;
  if (points.length < 2) return nothing;
  const [first, last] = [points[0], points[points.length - 1]];
  const span = spanOf(
    feature,
    points.map(({ at }) => at),
    logarithmic,
    value,
  );
  const drawn = placed(context, span);
  const top = Math.max(
    ...drawn.map(({ prediction, interval }) => interval?.high ?? prediction),
    Number.MIN_VALUE,
  );
  const step = gridStep(top);
  const grid = Array.from({ length: Math.floor(top / step) }, (_, at) => step * (at + 1));
  const summary = strings.whatIfSummary(
    title,
    valueWords(feature, first.at, context),
    formatAmount(first.prediction, unit, locale),
    valueWords(feature, last.at, context),
    formatAmount(last.prediction, unit, locale),
  );
  const across = span.shareOf(value);
  const mark =
    across === undefined || !price
      ? nothing
      : html`<i class="mark-here" .style=${`inset-inline-start:${across * 100}%;inset-block-end:${(price.prediction / top) * 100}%`}></i>`;
  return html`<div class="curve" role="img" aria-label=${summary}>
      ${grid.map(
        (amount) =>
          html`<span class="grid-line" .style=${`inset-block-end:${(amount / top) * 100}%`}><span>${formatAmount(amount, unit, locale)}</span></span>`,
      )}
      ${plot(drawn, top)}${mark}
    </div>
    ${axis(context, span)}`;
}
