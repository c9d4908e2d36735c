// Amounts in a target's unit, for people.

/** Whether the unit is a currency that Intl can format. */
function isCurrency(unit: string): boolean {
  return /^[A-Z]{3}$/.test(unit) && Intl.supportedValuesOf("currency").includes(unit);
}

/** "$6,512" for a currency, "6,512 kWh" for any other unit; two decimals below 100. */
export function formatAmount(value: number, unit: string): string {
  const digits = Math.abs(value) < 100 ? 2 : 0;
  const bounds = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  if (isCurrency(unit)) {
    return new Intl.NumberFormat("en-US", { style: "currency", currency: unit, ...bounds }).format(value);
  }
  return `${new Intl.NumberFormat("en-US", bounds).format(value)} ${unit}`;
}
