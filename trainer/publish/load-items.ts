// Loads cleaned rows into a server as items, in bodies of a bounded size, two under way at a time.

import type { DatasetSpec } from "#core/dataset/spec.ts";
import { ApiFault } from "../../sdk/api-fault.ts";
import type { Client } from "../client/client.ts";
import type { CleanRow } from "../dataset/clean.ts";
import type { Progress } from "../progress.ts";

/** Well under what the API takes, so that the bar moves and a retry costs little. */
const bodyCharacters = 1024 * 1024;

/** While the database writes one body, the server checks the next. */
const bodiesUnderWay = 2;

export interface LoadReport {
  readonly inserted: number;
  readonly updated: number;
  /** How long sending took. */
  readonly seconds: number;
}

/** Wide enough that ids stay the same when a source grows, and still sort as the rows stood. */
const idDigits = 8;

/** The item's id: the row's number in its source, padded with zeros. */
function itemId(row: number): string {
  return String(row).padStart(idDigits, "0");
}

/** Sends every row; equal ids replace each other, so loading twice is harmless. Throws ApiFault for a rejected row. */
export async function loadItems(
  client: Client,
  spec: DatasetSpec,
  rows: readonly CleanRow[],
  progress: Progress,
): Promise<LoadReport> {
  const task = progress.task(`loading ${spec.name}`, rows.length);
  const start = performance.now();
  const underWay = new Set<Promise<void>>();
  let [inserted, updated, sent] = [0, 0, 0];
  let body = "";
  let held = 0;
  const send = async (ndjson: string, items: number) => {
    const answer = await client.importItems(spec.name, ndjson);
    if (answer.rejected.length > 0) {
      const [first] = answer.rejected;
      throw new ApiFault({
        request: "items/import",
        status: 422,
        detail: `${answer.rejected.length} rows rejected; the first: ${JSON.stringify(first).slice(0, 300)}`,
      });
    }
    inserted += answer.inserted;
    updated += answer.updated;
    sent += items;
    task.update(sent);
  };
  const flush = async () => {
    // One that fails stays, for whoever waits next to hear of it.
    const work = send(body, held).then(() => void underWay.delete(work));
    underWay.add(work);
    [body, held] = ["", 0];
    if (underWay.size >= bodiesUnderWay) await Promise.race(underWay);
  };
  try {
    for (const { row, features, target } of rows) {
      const line = JSON.stringify({ id: itemId(row), ...features, [spec.target.name]: target });
      if (held > 0 && body.length + line.length >= bodyCharacters) await flush();
      body += `${line}\n`;
      held++;
    }
    if (held > 0) await flush();
    await Promise.all(underWay);
  } finally {
    // After a failure the other one is heard to its end: nothing is written behind the command's back.
    await Promise.allSettled(underWay);
    task.end();
  }
  return { inserted, updated, seconds: (performance.now() - start) / 1000 };
}
