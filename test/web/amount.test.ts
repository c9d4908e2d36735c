// Money and quantities as visitors read them.
import { describe, expect, it } from "vitest";
import {
  formatAmount,
  formatQuantity,
  formatShare,
  isCurrency,
  knownLocale,
} from "../../web/widget/amount.ts";

/** Intl separates with no-break spaces; here they may be any space. */
const plain = (text: string) => text.replaceAll(/\s/g, " ");

describe("formatAmount", () => {
  it.each([
    [6325.49, "USD", "en-US", "$6,325"],
    [99.5, "USD", "en-US", "$99.50"],
    [-1200.4, "USD", "en-US", "-$1,200"],
    [6325.49, "EUR", "de-DE", "6.325 €"],
    [6325.49, "USD", "es-ES", "6325 US$"],
    [1_234_567, "JPY", "ja-JP", "￥1,234,567"],
    [50.4, "JPY", "en-US", "¥50"],
    [1234.5, "CHF", "en-US", "CHF 1,235"],
    [12.3456, "kWh", "en-US", "12.35 kWh"],
    [1.5, "ABC", "en-US", "1.5 ABC"],
  ])("%d %s in %s is %s", (value, unit, locale, text) => {
    expect(plain(formatAmount(value, unit, locale))).toBe(text);
  });
});

describe("isCurrency", () => {
  it("knows ISO 4217 codes from other units", () => {
    expect(["USD", "EUR", "CLP"].every(isCurrency)).toBe(true);
    expect(["usd", "kWh", "m", "XYZW", "ABC", ""].some(isCurrency)).toBe(false);
  });
});

describe("formatQuantity", () => {
  it("keeps the digits that were entered and adds the unit", () => {
    expect(formatQuantity(1.01, "ct", "en-US")).toBe("1.01 ct");
    expect(formatQuantity(6.455, undefined, "de-DE")).toBe("6,455");
  });
});

describe("formatShare", () => {
  it("is a whole percentage", () => expect(formatShare(0.9, "en-US")).toBe("90%"));
});

describe("knownLocale", () => {
  it("passes what Intl accepts and drops the rest", () => {
    expect(knownLocale("en-us")).toBe("en-US");
    expect(knownLocale("not a locale")).toBeUndefined();
    expect(knownLocale(null)).toBeUndefined();
  });
});
