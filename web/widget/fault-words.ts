// What is wrong with a value, in the page's language: worked out from the spec, so that no sentence of the service needs translating.
import type { Feature, NumberFeature } from "#core/dataset/feature.ts";
import { numberOf } from "#core/dataset/feature-value.ts";
import { formatDate, formatQuantity } from "./amount.ts";
import type { Value } from "./form-values.ts";
import type { Strings } from "./languages/english.ts";

function rangeWords(
  feature: NumberFeature,
  value: number,
  strings: Strings,
  locale: string | undefined,
): string | undefined {
  const { minimum, maximum, exclusiveMinimum, unit, as } = feature;
  const tooSmall = minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum);
  const tooLarge = maximum !== undefined && value > maximum;
  if (!tooSmall && !tooLarge) return undefined;
  const [low, high] = [minimum, maximum].map((bound) =>
    bound === undefined
      ? undefined
      : as
        ? formatDate(bound, as, locale)
        : formatQuantity(bound, unit, locale),
  );
  if (low !== undefined && high !== undefined && !exclusiveMinimum) return strings.between(low, high);
  if (tooLarge) return strings.atMost(high!);
  return exclusiveMinimum ? strings.above(low!) : strings.atLeast(low!);
}

/** Words for a fault of `value`; what the spec cannot tell keeps the service's own words, `detail`. */
export function faultWords(
  feature: Feature,
  value: Value,
  detail: string,
  strings: Strings,
  locale: string | undefined,
): string {
  if (value === undefined) return feature.required ? strings.needed : detail;
  if (feature.type === "category") return feature.levels.includes(String(value)) ? detail : strings.notALevel;
  const number = typeof value === "boolean" ? Number.NaN : numberOf(feature, value);
  if (!Number.isFinite(number)) return unfinishedWords(feature, strings);
  if (feature.integer && !Number.isInteger(number)) return strings.notWhole;
  return rangeWords(feature, number, strings, locale) ?? detail;
}

/** Words for a field whose text says nothing yet. */
export function unfinishedWords({ type, as }: Feature, strings: Strings): string {
  if (type === "category") return strings.notALevel;
  return as ? strings.notADate : strings.notANumber;
}
