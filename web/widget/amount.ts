// Numbers as a visitor reads them: money where the unit is a currency, a number with its unit otherwise; never converted.

import type { CalendarKind } from "#core/dataset/calendar.ts";

/** From this amount on cents say nothing that a model knows. */
const wholeFrom = 100;

/** Whether `unit` is an ISO 4217 code that this browser knows. */
export function isCurrency(unit: string): boolean {
  return /^[A-Z]{3}$/.test(unit) && Intl.supportedValuesOf("currency").includes(unit);
}

/** An amount of the target, rounded to what is sensible for its size. */
export function formatAmount(value: number, unit: string, locale: string | undefined): string {
  const whole = Math.abs(value) >= wholeFrom ? { maximumFractionDigits: 0, minimumFractionDigits: 0 } : {};
  if (isCurrency(unit)) {
    return new Intl.NumberFormat(locale, { style: "currency", currency: unit, ...whole }).format(value);
  }
  const number = new Intl.NumberFormat(locale, { maximumSignificantDigits: 4, useGrouping: true });
  return `${number.format(value)} ${unit}`;
}

/** What an amount grows by, with its sign. */
export function formatChange(value: number, unit: string, locale: string | undefined): string {
  const amount = formatAmount(Math.abs(value), unit, locale);
  return `${value < 0 ? "−" : "+"}${amount}`;
}

/** What an amount is multiplied with, as "× 2.1" or "× 0.98". */
export function formatFactor(value: number, locale: string | undefined): string {
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return `× ${new Intl.NumberFormat(locale, digits).format(value)}`;
}

/** A feature's value with its unit, as "1.01 ct" or "62 %". */
export function formatQuantity(value: number, unit: string | undefined, locale: string | undefined): string {
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 10 }).format(value);
  return unit ? `${number} ${unit}` : number;
}

/** A number of days since 1970-01-01 as a date of the locale; with the time of day for a datetime. */
export function formatDate(days: number, kind: CalendarKind, locale: string | undefined): string {
  const time = kind === "datetime" ? ({ timeStyle: "short" } as const) : {};
  const format = new Intl.DateTimeFormat(locale, { dateStyle: "medium", ...time, timeZone: "UTC" });
  return format.format(Math.round(days * 86_400_000));
}

/** A share as "90%". */
export function formatShare(share: number, locale: string | undefined): string {
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 }).format(share);
}

/** A locale that Intl accepts, or undefined for the browser's own: a page's lang attribute may hold anything. */
export function knownLocale(tag: string | null | undefined): string | undefined {
  if (!tag) return undefined;
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}
