import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Client } from "../../client/client.ts";
import { type CleanRow, clean } from "../../dataset/clean.ts";
import { loadDataset, onlyDataset } from "../../dataset/find-dataset.ts";
import { takeSnapshot } from "../../dataset/snapshot.ts";
import type { SourceFormat } from "../../dataset/source.ts";
import { loadItems } from "../../publish/load-items.ts";
import { connect } from "../connection.ts";
import type { ConnectionOptions } from "../connection-options.ts";
import { printResult } from "../output.ts";
import { terminalProgress } from "../progress-bar.ts";
import { openRows } from "../rows.ts";

interface LoadOptions extends ConnectionOptions {
  readonly dataset?: string;
  readonly source?: string;
  readonly format?: SourceFormat;
  readonly force?: boolean;
  readonly json?: boolean;
}

/**
 * Whether the server needs no rows: it holds as many, or a model was trained on exactly these rows and what differs since
 * is its users' own work, which loading again would undo.
 */
async function isLoaded(client: Client, spec: DatasetSpec, rows: readonly CleanRow[], held: number) {
  if (held === rows.length) return true;
  if (held === 0) return false;
  const { sha256 } = await takeSnapshot(spec, rows);
  return (await client.listModels(spec.name)).some((model) => model.dataSha256 === sha256);
}

function rateOf(rows: number, seconds: number): string {
  return `${Math.round(rows / Math.max(seconds, 1e-3)).toLocaleString("en")} rows a second`;
}

export async function load(options: LoadOptions): Promise<void> {
  const client = connect(options);
  const dataset = loadDataset(options.dataset ?? onlyDataset());
  const { spec } = dataset;
  const cleaned = await clean(spec, await openRows(dataset, options.source, options.format, options));
  await client.registerDataset(spec);
  const held = (await client.findDataset(spec.name))?.rows ?? 0;
  const skipped = !options.force && (await isLoaded(client, spec, cleaned.rows, held));
  const report = skipped
    ? { inserted: 0, updated: 0, seconds: 0 }
    : await loadItems(client, spec, cleaned.rows, terminalProgress);
  const document = {
    dataset: spec.name,
    rows: cleaned.rows.length,
    skipped,
    ...report,
    cleaning: cleaned.report,
  };
  printResult(options.json, document, () =>
    skipped
      ? `${spec.name}: ${held} rows are there already`
      : `${spec.name}: ${report.inserted} rows inserted, ${report.updated} replaced, ${rateOf(cleaned.rows.length, report.seconds)}`,
  );
}
