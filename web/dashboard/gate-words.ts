// The gate's report in one sentence. The ledger stores whatever report it was sent, so its shape is checked here.
import { amount, change, count, share } from "./format.ts";

interface Told {
  readonly rows?: unknown;
  readonly challenger?: { readonly value?: unknown };
  readonly champion?: { readonly value?: unknown } | null;
  readonly comparison?: {
    readonly difference?: unknown;
    readonly interval?: { readonly low?: unknown; readonly high?: unknown; readonly confidence?: unknown };
  } | null;
}

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

export function gateWords(gate: unknown, unit: string): string {
  if (typeof gate !== "object" || gate === null) return "No gate report.";
  const { rows, challenger, champion, comparison } = gate as Told;
  const own = challenger?.value;
  if (!isNumber(own)) return "The gate report has an unknown format.";
  const before = champion?.value;
  if (!isNumber(before)) return `Gate: MAE ${amount(own, unit)}; no champion to compare with.`;
  const pair = `MAE ${amount(own, unit)} against ${amount(before, unit)}`;
  const { low, high, confidence } = comparison?.interval ?? {};
  const on = isNumber(rows) ? ` on ${count(rows)} held-out rows` : "";
  if (!isNumber(low) || !isNumber(high) || !isNumber(confidence)) return `Gate: ${pair}${on}.`;
  return `Gate: ${pair}${on}; difference between ${change(low, unit)} and ${change(high, unit)} (${share(confidence)} confidence).`;
}
