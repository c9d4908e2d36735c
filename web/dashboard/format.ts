// How the dashboard formats figures and times.
import { formatAmount, formatChange, formatShare } from "../widget/amount.ts";

/** The page is in English, so its figures and dates are too. */
const locale = "en";

export const amount = (value: number, unit: string) => formatAmount(value, unit, locale);
export const change = (value: number, unit: string) => formatChange(value, unit, locale);
export const share = (value: number) => formatShare(value, locale);
export const count = (value: number) => new Intl.NumberFormat(locale).format(value);
export const decimals = (value: number, digits: number) =>
  new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
    value,
  );
export const figure = (value: number) =>
  new Intl.NumberFormat(locale, { maximumSignificantDigits: 4 }).format(value);
export const finePercent = (value: number) =>
  new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(value);

export const moment = (iso: string) =>
  new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));
export const clock = (iso: string) =>
  new Intl.DateTimeFormat(locale, { dateStyle: "short", timeStyle: "medium" }).format(new Date(iso));

const steps = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

/** How long ago, in the largest unit that fits. */
export function ago(iso: string, now = Date.now()): string {
  const past = now - Date.parse(iso);
  const step = steps.find(([, ms]) => past >= ms);
  if (!step) return "just now";
  return new Intl.RelativeTimeFormat(locale).format(-Math.floor(past / step[1]), step[0]);
}

export const plural = (many: number, one: string, more = `${one}s`) =>
  `${count(many)} ${many === 1 ? one : more}`;
