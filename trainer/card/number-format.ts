// Numbers as the card shows them: money where the unit is a currency, a plain number with its unit otherwise.
import type { DatasetSpec } from "#core/dataset/spec.ts";

export interface NumberFormat {
  /** A value of the target, in full: "$1,234". */
  target(value: number): string;
  /** A difference of such values, signed, with three digits that count: "−$1.25". */
  difference(value: number): string;
  /** The same in little room, for axes: "$1.2K". */
  short(value: number): string;
}

const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf("currency"));

/** How values of this dataset's target are written. */
export function targetFormat({ target }: DatasetSpec, typical: number): NumberFormat {
  const digits = typical >= 100 ? 0 : Math.min(8, 2 - Math.floor(Math.log10(Math.max(typical, 1e-6))));
  const money = currencies.has(target.unit);
  const style: Intl.NumberFormatOptions = money
    ? { style: "currency", currency: target.unit, currencyDisplay: "narrowSymbol" }
    : {};
  const full = new Intl.NumberFormat("en", {
    ...style,
    minimumFractionDigits: 0,
    maximumFractionDigits: digits,
  });
  const compact = new Intl.NumberFormat("en", { ...style, notation: "compact", maximumSignificantDigits: 2 });
  const precise = new Intl.NumberFormat("en", {
    ...style,
    maximumSignificantDigits: 3,
    signDisplay: "exceptZero",
  });
  const unit = money || target.unit === "" ? "" : ` ${target.unit}`;
  return {
    target: (value) => `${full.format(value)}${unit}`,
    difference: (value) => `${precise.format(value).replace("-", "−")}${unit}`,
    short: (value) => compact.format(value),
  };
}

const count = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** "10,788". */
export function formatCount(value: number): string {
  return count.format(value);
}

/** A share as "6.1 %". */
export function formatShare(share: number | null, digits = 1): string {
  return share === null || !Number.isFinite(share) ? "none" : `${(100 * share).toFixed(digits)} %`;
}

/** Any number with enough digits to be told apart: "0.00123", "1,234". */
export function formatNumber(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e9) return value.toExponential(2);
  return new Intl.NumberFormat(
    "en",
    size >= 1000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 4 },
  ).format(value);
}

/** "1 h 12 min", "3.4 s". */
export function formatSeconds(seconds: number): string {
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
  if (seconds >= 60) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
}
