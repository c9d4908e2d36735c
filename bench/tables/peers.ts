// The rivals of bench:tables, each in a Python process of its own; what one answered for a table is kept until the table changes.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Figures, judge } from "./figures.ts";
import type { PreparedTable } from "./prepare.ts";

export const peerNames = ["xgboost", "xgboost-tuned", "lightgbm", "catboost", "linear-peer"] as const;

/** Figures of one rival; undefined where it could not be fitted, which is said. */
export function runPeer(
  table: PreparedTable,
  contestant: string,
  { python, threads, again }: { python: string; threads: number; again: boolean },
): Figures | undefined {
  const name = contestant === "linear-peer" ? "linear" : contestant;
  const report = join(table.folder, `${name}.json`);
  if (again || !existsSync(report)) {
    try {
      const script = join(import.meta.dirname, "../peers/tables_peers.py");
      execFileSync(python, [script, table.folder, name], {
        stdio: ["ignore", "ignore", "pipe"],
        env: { ...process.env, BENCH_THREADS: String(threads), PYTHONWARNINGS: "ignore" },
        timeout: 900_000,
      });
    } catch (error) {
      console.log(
        `${table.name}: ${contestant} is left out: ${String((error as { stderr?: Buffer }).stderr ?? error)
          .trim()
          .split("\n")
          .at(-1)}`,
      );
      return undefined;
    }
  }
  const bytes = readFileSync(join(table.folder, `${name}.predicted.f64`));
  const predicted = new Float64Array(new Uint8Array(bytes).buffer);
  const figures = JSON.parse(readFileSync(report, "utf8")) as Omit<
    Figures,
    "contestant" | "error" | "second"
  >;
  return { ...figures, contestant, ...judge(table, predicted) };
}
