// Where values stand on a curve's axis, and which of them are written below it.
import { formatDay } from "#core/dataset/calendar.ts";
import type { Feature } from "#core/dataset/feature.ts";
import { numberOfValue } from "#core/dataset/feature-value.ts";
import type { Value } from "../form-values.ts";

/** More levels, or more letters, than this do not fit below a narrow curve. */
const labelLimits = { levels: 8, letters: 40 } as const;
/** A label in the middle must leave room for those at the ends. */
const middleThird = { from: 0.34, to: 0.66 } as const;

export interface Span {
  /** 0 at the start of the axis, 1 at its end; undefined for what has no place on it. */
  shareOf(value: Value): number | undefined;
  /** The values drawn, in their order. */
  readonly values: readonly (number | string)[];
  /** The value in the middle of the axis of a number. */
  readonly middle: number | undefined;
}

/** The axis over `values`, widened where `present` lies beyond them: what is entered is always on it. */
export function spanOf(
  feature: Feature,
  values: readonly (number | string)[],
  logarithmic: boolean,
  present: Value,
): Span {
  if (feature.type === "category") {
    const shareOf = (value: Value) => {
      const index = values.indexOf(String(value));
      return index < 0 ? undefined : index / Math.max(1, values.length - 1);
    };
    return { shareOf, values, middle: undefined };
  }
  const find = (value: Value) => (typeof value === "boolean" ? undefined : numberOfValue(value));
  const known = [values[0], values[values.length - 1], present].map(find).filter((one) => one !== undefined);
  const scale = logarithmic && Math.min(...known) > 0 ? Math.log : (value: number) => value;
  const back = scale === Math.log ? Math.exp : (value: number) => value;
  const [low, high] = [scale(Math.min(...known)), scale(Math.max(...known))];
  return {
    values,
    middle: back((low + high) / 2),
    shareOf: (value) => {
      const number = find(value);
      return number === undefined || high <= low ? undefined : (scale(number) - low) / (high - low);
    },
  };
}

/** The roundest number of one digit, or of two, that lies in the middle third. */
function roundMiddle(middle: number, shareOf: (value: number) => number | undefined): number | undefined {
  const candidates = [1, 2].map((digits) => Number(middle.toPrecision(digits)));
  return candidates.find((one) => {
    const share = shareOf(one);
    return share !== undefined && share >= middleThird.from && share <= middleThird.to;
  });
}

/** The first of January, the first of a month or the day that is nearest to the middle. */
function dateMiddle(days: number, span: Span): string | undefined {
  const iso = formatDay(Math.round(days), "date");
  const candidates = [`${iso.slice(0, 4)}-01-01`, `${iso.slice(0, 7)}-01`, iso];
  return candidates.find((one) => {
    const share = span.shareOf(one);
    return share !== undefined && share >= middleThird.from && share <= middleThird.to;
  });
}

/** Two or three values to write below the axis: its ends, and what is round in its middle; all levels where they fit. */
export function axisLabels(feature: Feature, span: Span): (number | string)[] {
  const { values, middle } = span;
  const [first, last] = [values[0], values[values.length - 1]];
  if (feature.type === "category") {
    const fits = values.length <= labelLimits.levels && values.join("").length <= labelLimits.letters;
    return fits ? [...values] : [first, values[Math.floor(values.length / 2)], last];
  }
  if (middle === undefined || values.length < 3) return [first, last];
  const round = feature.as ? dateMiddle(middle, span) : roundMiddle(middle, span.shareOf);
  return round === undefined ? [first, last] : [first, round, last];
}
