// A feature's value in words, as the page's language and locale write it.
import type { Feature } from "#core/dataset/feature.ts";
import { numberOfValue } from "#core/dataset/feature-value.ts";
import { formatDate, formatQuantity } from "../amount.ts";
import type { Value } from "../form-values.ts";
import type { Strings } from "../languages/english.ts";

export interface Wording {
  readonly strings: Strings;
  readonly locale: string | undefined;
}

/** "1.01 ct", "31 May 2024", "Yes", a level as it is; "Unknown" where nothing is given. */
export function valueWords(feature: Feature | undefined, value: Value | null, wording: Wording): string {
  const { strings, locale } = wording;
  if (value === undefined || value === null) return strings.unknown;
  if (feature?.as === "boolean") return String(value) === "true" ? strings.yes : strings.no;
  if (feature?.type !== "number" || typeof value === "boolean") return String(value);
  if (!feature.as) {
    return typeof value === "number" ? formatQuantity(value, feature.unit, locale) : value;
  }
  const days = numberOfValue(value);
  return days === undefined ? String(value) : formatDate(days, feature.as, locale);
}
