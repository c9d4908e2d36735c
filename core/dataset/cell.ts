// Cells of a table of texts (CSV): what counts as missing and what as a number, the same wherever such a table is read.

const missing = new Set(["", "na", "n/a", "nan", "null"]);
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Whether a cell's text says that nothing is known: empty, NA, N/A, NaN or null in any case. */
export function isMissing(text: string): boolean {
  return text.length <= 4 && missing.has(text.toLowerCase());
}

/** A decimal number; thousands separators, units, hex and infinities are not numbers. Undefined for anything else. */
export function findNumber(text: string): number | undefined {
  if (!decimal.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
