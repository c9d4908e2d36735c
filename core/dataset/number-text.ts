// Numbers as people and programs write them: decimal commas, thousands, money, percent and units, read by one style a column.
import { findNumber } from "./cell.ts";

export interface NumberStyle {
  readonly decimal: "." | ",";
  readonly thousands?: "," | "." | " " | "'";
}

export const plainStyle: NumberStyle = { decimal: "." };

const currencySigns: Readonly<Record<string, string>> = {
  $: "USD",
  "€": "EUR",
  "£": "GBP",
  "¥": "JPY",
  "₹": "INR",
  "₩": "KRW",
  "₽": "RUB",
  "₺": "TRY",
  "₫": "VND",
  "₪": "ILS",
  "฿": "THB",
  zł: "PLN",
  Kč: "CZK",
  R$: "BRL",
};

const currencyCodes =
  "USD EUR GBP JPY CHF CAD AUD NZD CNY INR KRW RUB TRY BRL MXN CLP COP PEN ARS UYU CLF SEK NOK DKK PLN CZK HUF RON ZAR SGD HKD THB VND ILS AED SAR".split(
    " ",
  );
const units =
  "m²|m2|sqm|sqft|sq ft|sq\\.? ?m|ft²|ft2|km²|ha|km|cm|mm|mi|miles|m|ft|in|kg|lbs|lb|oz|ct|g|t|kWh|kW|hp|PS|cc|l|L|years|year|yrs|days|h|min|s|°C|°";
const signs = Object.keys(currencySigns).map((sign) => sign.replace("$", "\\$"));
const money = [...signs.sort((a, b) => b.length - a.length), ...currencyCodes].join("|");
const blank = "[ \\x{a0}\\x{202f}\\x{2009}]";

const classes = { ".": "\\.", ",": ",", " ": blank, "'": "['’]" } as const;

/**
 * A regular expression, in the syntax of RE2, that a whole cell of this style matches: group 1 is the sign, 2 what stands before
 * the number, 3 a sign after that, 4 the digits, 5 what stands behind them.
 */
export function numberPattern({ decimal, thousands }: NumberStyle): string {
  const grouped = thousands ? `|[0-9]{1,3}(?:${classes[thousands]}[0-9]{3})+` : "";
  const digits = `(?:(?:[0-9]+${grouped})(?:${classes[decimal]}[0-9]*)?|${classes[decimal]}[0-9]+)(?:[eE][-+]?[0-9]+)?`;
  return `^${blank}*([-+−(]?)${blank}*(${money})?${blank}*([-+−]?)${blank}*(${digits})${blank}*(%|${money}|${units})?\\)?${blank}*$`;
}

/** The pattern as JavaScript spells it. */
function compile(style: NumberStyle): RegExp {
  return new RegExp(
    numberPattern(style)
      .replace(/\\x\{([0-9a-f]+)\}/g, "\\u{$1}")
      .replaceAll("\\ ", " "),
    "u",
  );
}

const compiled = new Map<string, RegExp>();

function regexOf(style: NumberStyle): RegExp {
  const key = `${style.decimal}${style.thousands ?? ""}`;
  const known = compiled.get(key) ?? compile(style);
  compiled.set(key, known);
  return known;
}

export interface WrittenNumber {
  readonly value: number;
  /** What the number is of, as written: "%", "€", "USD", "km". */
  readonly unit?: string;
}

/** The number that a cell holds when it is read in `style`; undefined where it holds none. */
export function readNumberText(text: string, style: NumberStyle): WrittenNumber | undefined {
  const match = regexOf(style).exec(text);
  if (!match) return undefined;
  const [, outer, before, inner, written, behind] = match;
  const digits = (
    style.thousands
      ? written.replace(
          new RegExp(classes[style.thousands].replace(/\\x\{([0-9a-f]+)\}/g, "\\u{$1}"), "gu"),
          "",
        )
      : written
  ).replace(style.decimal, ".");
  const size = findNumber(digits);
  if (size === undefined) return undefined;
  const value = /[-−(]/.test(outer + inner) ? -size : size;
  return { value, unit: before ?? behind };
}

/** The ISO 4217 code that a unit as written stands for; undefined where it is no money. */
export function currencyOf(unit: string): string | undefined {
  return currencyCodes.includes(unit) ? unit : currencySigns[unit];
}

const styles: readonly NumberStyle[] = [
  plainStyle,
  { decimal: ".", thousands: "," },
  { decimal: ",", thousands: "." },
  { decimal: ",", thousands: " " },
  { decimal: ".", thousands: " " },
  { decimal: ".", thousands: "'" },
  { decimal: ",", thousands: "'" },
];

/** Whether a comma or a point can only be a decimal one, judged by every number of a column. */
function decimalsOf(mark: string, cells: readonly string[]): "all of three digits" | "others" | "none" {
  const tails = cells.flatMap((cell) => {
    const at = cell.lastIndexOf(mark);
    return at < 0 ? [] : [/^[0-9]*/.exec(cell.slice(at + 1))![0]];
  });
  if (tails.length === 0) return "none";
  const whole = cells.every(
    (cell) => !cell.includes(mark) || /(^|[^0-9])[1-9][0-9]{0,2}$/.test(cell.slice(0, cell.indexOf(mark))),
  );
  return whole && tails.every((tail) => tail.length === 3) ? "all of three digits" : "others";
}

/**
 * The style that most of a column's texts are numbers in, and how many are; undefined where none is a number. `preferred` is the
 * decimal mark of the file. A lone comma before exactly three digits everywhere is taken for thousands, a lone point for a decimal
 * point, unless the file says otherwise.
 */
export function findNumberStyle(
  cells: readonly string[],
  preferred?: "." | ",",
): { readonly style: NumberStyle; readonly matches: number } | undefined {
  let best: { style: NumberStyle; matches: number; weight: number } | undefined;
  const comma = decimalsOf(",", cells);
  const point = decimalsOf(".", cells);
  for (const style of styles) {
    const read = regexOf(style);
    let matches = 0;
    for (const cell of cells) if (read.test(cell)) matches++;
    if (matches === 0) continue;
    let weight = matches;
    if (style.decimal === preferred) weight += 0.3;
    if (style === plainStyle) weight += 0.2;
    // 12,500 everywhere is twelve thousand and a half; 12.500 is not, unless commas mark the decimals elsewhere.
    if (comma === "all of three digits" && style.decimal === "," && preferred !== ",") weight -= 0.5;
    if (point === "all of three digits" && style.thousands === "." && preferred !== ",") weight -= 0.5;
    if (point === "all of three digits" && style.decimal === "." && preferred === ",") weight -= 0.5;
    if (!best || weight > best.weight) best = { style, matches, weight };
  }
  if (!best) return undefined;
  const { style, matches } = best;
  const uses = (mark: string) => cells.some((cell) => cell.includes(mark));
  // What no cell needs is not said: a column of whole numbers is plain.
  if (style.thousands && style.thousands !== " " && !uses(style.thousands)) {
    return { style: uses(style.decimal) ? { decimal: style.decimal } : plainStyle, matches };
  }
  return { style, matches };
}
