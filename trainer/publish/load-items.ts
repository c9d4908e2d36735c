// Loads cleaned rows into a server as items, in bodies small enough for one database batch each.
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Client } from "../client/client.ts";
import { ServerRefusal } from "../client/refusal.ts";
import type { CleanRow } from "../dataset/clean.ts";
import type { Progress } from "../progress.ts";

/** Well under the 8 MB that the API takes, so that the bar moves and a retry costs little. */
export const bodyCharacters = 1024 * 1024;

export interface LoadReport {
  readonly inserted: number;
  readonly updated: number;
}

/** The item's id: the row's number in its source, padded so that ids sort as the rows stood. */
export function itemId(row: number, rowsRead: number): string {
  return String(row).padStart(String(rowsRead).length, "0");
}

/** Sends every row; equal ids replace each other, so loading twice is harmless. Throws ServerRefusal for a rejected row. */
export async function loadItems(
  client: Client,
  spec: DatasetSpec,
  rows: readonly CleanRow[],
  rowsRead: number,
  progress: Progress,
): Promise<LoadReport> {
  const task = progress.task(`loading ${spec.name}`, rows.length);
  let [inserted, updated, sent] = [0, 0, 0];
  let body = "";
  let held = 0;
  const flush = async () => {
    if (held === 0) return;
    const answer = await client.importItems(spec.name, body);
    if (answer.rejected.length > 0) {
      const [first] = answer.rejected;
      throw new ServerRefusal(
        "items/import",
        422,
        `${answer.rejected.length} rows rejected; the first: ${JSON.stringify(first).slice(0, 300)}`,
      );
    }
    inserted += answer.inserted;
    updated += answer.updated;
    sent += held;
    [body, held] = ["", 0];
    task.update(sent);
  };
  try {
    for (const { row, features, target } of rows) {
      const line = JSON.stringify({ id: itemId(row, rowsRead), ...features, [spec.target.name]: target });
      if (body.length + line.length >= bodyCharacters) await flush();
      body += `${line}\n`;
      held++;
    }
    await flush();
  } finally {
    task.end();
  }
  return { inserted, updated };
}
