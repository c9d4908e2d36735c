// Numbers and dates as the report writes them.
const grouped = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** Enough digits to be told apart; four-digit whole numbers stay as they are, since they may be years. */
export function showNumber(value: number): string {
  const size = Math.abs(value);
  if (value === 0) return "0";
  if (size < 1e-4 || size >= 1e12) return value.toExponential(2);
  if (Number.isInteger(value) && size < 10_000) return String(value);
  return size >= 1000 ? grouped.format(value) : String(Number(value.toPrecision(5)));
}

/** Days since 1970-01-01 as a date, with the time where it is not midnight. */
export function showDay(days: number): string {
  const date = new Date(Math.round(days * 1440) * 60_000);
  if (Number.isNaN(date.getTime())) return showNumber(days);
  return date
    .toISOString()
    .replace(/T00:00:00\.000Z$/, "")
    .replace(/:00\.000Z$/, "")
    .replace("T", " ");
}

/** How values of a column of this type are written. */
export function valueWriter(type: string): (value: number) => string {
  return type === "date" || type === "datetime" ? showDay : showNumber;
}
