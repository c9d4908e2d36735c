// What bench:tables comes to: each of ours against the best rival of every table, wins, losses, and the worst loss.
import { printTable } from "../train/table.ts";
import type { Figures } from "./figures.ts";

export interface Standing {
  readonly table: string;
  readonly figures: readonly Figures[];
}

/** How much larger an error is than another; 0.02 is two percent worse. */
function excess(own: Figures, other: Figures): number {
  return own.error / other.error - 1;
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/** Prints one line a table and one a contestant of ours. */
export function summarise(standings: readonly Standing[], peers: readonly string[]): void {
  const ours = [
    ...new Set(standings.flatMap(({ figures }) => figures.map(({ contestant }) => contestant))),
  ].filter((contestant) => !peers.includes(contestant));
  const rows: string[][] = [];
  const totals = new Map(
    ours.map((contestant) => [contestant, { best: [] as number[], catboost: [] as number[], slower: 0 }]),
  );
  for (const { table, figures } of standings) {
    const rivals = figures.filter(({ contestant }) => peers.includes(contestant));
    if (rivals.length === 0) continue;
    const best = rivals.reduce((least, one) => (one.error < least.error ? one : least));
    const catboost = rivals.find(({ contestant }) => contestant === "catboost");
    const cells = ours.map((contestant) => {
      const own = figures.find((one) => one.contestant === contestant);
      if (!own) return "";
      const total = totals.get(contestant)!;
      total.best.push(excess(own, best));
      if (catboost) {
        total.catboost.push(excess(own, catboost));
        if (own.seconds > catboost.seconds) total.slower++;
      }
      return percent(excess(own, best));
    });
    rows.push([table, best.contestant, best.error.toPrecision(5), ...cells]);
  }
  printTable(["table", "best rival", "its error", ...ours.map((name) => `${name} vs it`)], rows);
  console.log();
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const lines = ours.flatMap((contestant) => {
    const { best, catboost, slower } = totals.get(contestant)!;
    if (best.length === 0) return [];
    const wins = (values: readonly number[]) =>
      `${values.filter((value) => value <= 0).length} of ${values.length}`;
    const against = catboost.length > 0 ? [wins(catboost), percent(Math.max(...catboost))] : ["", ""];
    return [
      [contestant, percent(mean(best)), wins(best), percent(Math.max(...best)), ...against, String(slower)],
    ];
  });
  printTable(
    [
      "ours",
      "mean vs best rival",
      "wins",
      "worst loss",
      "wins vs CatBoost",
      "worst vs CatBoost",
      "slower than CatBoost",
    ],
    lines,
  );
}
