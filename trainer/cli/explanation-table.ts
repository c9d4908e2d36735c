// An explanation as a table for people: where the price starts, one line a step, and the price after each.
import type { PriceExplanation } from "#core/api/explanation.ts";
import { formatAmount } from "./money.ts";
import { layTable } from "./text-table.ts";

const textColumn = (title: string) => ({ title, align: "left" as const });
const numberColumn = (title: string) => ({ title, align: "right" as const });

function showValue({ feature, value, unit }: PriceExplanation["steps"][number]): string {
  if (feature === null) return "";
  return value === null ? "not given" : [value, unit].filter((part) => part !== null).join(" ");
}

/** Lines of the table; `unit` is the target's. */
export function layExplanation({ scale, base, steps }: PriceExplanation, unit: string): string {
  const isFactor = scale === "factor";
  const columns = [textColumn("step"), textColumn("value"), ...(isFactor ? [numberColumn("factor")] : [])];
  const rows = steps.map((step) => {
    const factor = isFactor ? [`x ${(step.factor ?? 1).toFixed(3)}`] : [];
    const amount = `${step.amount < 0 ? "-" : "+"}${formatAmount(Math.abs(step.amount), unit)}`;
    return [step.title, showValue(step), ...factor, amount, formatAmount(step.running, unit)];
  });
  const start = ["average", "", ...(isFactor ? [""] : []), "", formatAmount(base.value, unit)];
  return layTable([...columns, numberColumn("change"), numberColumn("price")], [start, ...rows]);
}
