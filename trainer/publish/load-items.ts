// Loads cleaned rows into a server as items, in bodies small enough for one database batch each.
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Client } from "../client/client.ts";
import { ServerRefusal } from "../client/refusal.ts";
import type { CleanRow } from "../dataset/clean.ts";
import type { Progress } from "../progress.ts";

/** Well under the 8 MB that the API takes, so that the bar moves and a retry costs little. */
const bodyCharacters = 1024 * 1024;

export interface LoadReport {
  readonly inserted: number;
  readonly updated: number;
}

/** Wide enough that ids stay the same when a source grows, and still sort as the rows stood. */
const idDigits = 8;

/** The item's id: the row's number in its source, padded with zeros. */
function itemId(row: number): string {
  return String(row).padStart(idDigits, "0");
}

/** Sends every row; equal ids replace each other, so loading twice is harmless. Throws ServerRefusal for a rejected row. */
export async function loadItems(
  client: Client,
  spec: DatasetSpec,
  rows: readonly CleanRow[],
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
      const line = JSON.stringify({ id: itemId(row), ...features, [spec.target.name]: target });
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
