// appraise items: the rows that a server holds, listed, looked at, imported from a file and exported to one.
import { createWriteStream, openAsBlob } from "node:fs";
import { blob } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { InputError } from "#core/api/problem.ts";
import type { ImportAnswer, ItemAnswer, ItemChange, ItemsAnswer } from "../../client/answers.ts";
import type { Client } from "../../client/client.ts";
import { onlyDataset } from "../../dataset/find-dataset.ts";
import { formatOf, type SourceFormat } from "../../dataset/source.ts";
import { connect } from "../connection.ts";
import type { ConnectionOptions } from "../connection-options.ts";
import { printResult, tell } from "../output.ts";
import { layTable } from "../text-table.ts";

interface ItemsOptions extends ConnectionOptions {
  readonly dataset?: string;
  readonly json?: boolean;
}

interface ListOptions extends ItemsOptions {
  readonly filter: readonly string[];
  readonly sort: string;
  readonly limit: number;
}

interface ImportOptions extends ItemsOptions {
  readonly format?: SourceFormat;
  readonly mode: string;
  readonly key?: string;
}

interface ExportOptions extends ItemsOptions {
  readonly filter: readonly string[];
  readonly format?: SourceFormat;
  readonly out?: string;
}

const open = (options: ItemsOptions): { client: Client; dataset: string } => ({
  client: connect(options),
  dataset: options.dataset ?? onlyDataset(),
});

const text = (value: string | number | null | undefined) =>
  value === undefined || value === null ? "" : String(value);

function layItems(items: readonly ItemAnswer[]): string {
  if (items.length === 0) return "no items";
  const names = [...new Set(items.flatMap(({ features }) => Object.keys(features)))];
  const isNumber = (name: string) => items.every(({ features }) => typeof (features[name] ?? 0) === "number");
  const columns = [
    { title: "id", align: "left" } as const,
    ...names.map((title) => ({ title, align: isNumber(title) ? ("right" as const) : ("left" as const) })),
    { title: "target", align: "right" } as const,
    { title: "revision", align: "right" } as const,
  ];
  const rows = items.map(({ id, features, target, revision }) => [
    ...[id, ...names.map((name) => text(features[name])), text(target), text(revision)],
  ]);
  return layTable(columns, rows);
}

const pageItems = 200;

/** As many items as are asked for, over as many pages as that takes: one of a filtered list may be short. */
async function readItems(
  client: Client,
  dataset: string,
  { filter, sort, limit }: ListOptions,
): Promise<ItemsAnswer> {
  const items: ItemAnswer[] = [];
  let next: string | null = null;
  do {
    const query = new URLSearchParams({ sort });
    for (const one of filter) query.append("filter", one);
    query.set("limit", String(Math.min(limit - items.length, pageItems)));
    if (next !== null) query.set("cursor", next);
    const page = await client.listItems(dataset, query);
    items.push(...page.items);
    next = page.next;
  } while (next !== null && items.length < limit);
  return { items, next };
}

export async function list(options: ListOptions): Promise<void> {
  const { client, dataset } = open(options);
  const { items, next } = await readItems(client, dataset, options);
  printResult(options.json, { dataset, items, next }, () => layItems(items));
  if (next !== null) tell(`more follow; --limit shows more than ${items.length}`);
}

function layChanges(changes: readonly ItemChange[]): string {
  const left = (title: string) => ({ title, align: "left" }) as const;
  const shown = (content: ItemChange["after"]) =>
    content === null ? "" : JSON.stringify({ ...content.features, target: content.target });
  return layTable(
    [{ title: "revision", align: "right" }, left("time"), left("action"), left("actor"), left("content")],
    changes.map(({ revision, time, action, actor, after }) => [
      ...[text(revision), time.slice(0, 19).replace("T", " "), text(action), text(actor), shown(after)],
    ]),
  );
}

export async function show(
  id: string,
  options: ItemsOptions & { readonly history?: boolean },
): Promise<void> {
  const { client, dataset } = open(options);
  if (options.history) {
    const changes = await client.listItemChanges(dataset, id);
    printResult(options.json, { dataset, id, changes }, () => layChanges(changes));
    return;
  }
  const item = await client.readItem(dataset, id);
  printResult(options.json, item, () => layItems([item]));
}

async function readFile(path: string): Promise<Blob> {
  if (path === "-") return blob(process.stdin);
  try {
    return await openAsBlob(path);
  } catch (error) {
    throw new InputError(`${path}: cannot be read: ${(error as Error).message}`);
  }
}

const types: Readonly<Record<SourceFormat, string>> = { csv: "text/csv", ndjson: "application/x-ndjson" };

function layImport({ inserted, updated, unchanged, rejectedCount }: ImportAnswer, seconds: number): string {
  const records = inserted + updated + unchanged + rejectedCount;
  const rate = Math.round(records / Math.max(seconds, 1e-3)).toLocaleString("en");
  return `${inserted} inserted, ${updated} replaced, ${unchanged} unchanged, ${rejectedCount} rejected; ${rate} records a second`;
}

export async function importFile(path: string, options: ImportOptions): Promise<void> {
  const { client, dataset } = open(options);
  const format = options.format ?? formatOf(path);
  if (!format) throw new InputError(`${path}: expected a name that ends in .csv or .ndjson, or --format`);
  const body = await readFile(path);
  const start = performance.now();
  const answer = await client.importFile(dataset, body, {
    type: types[format],
    mode: options.mode,
    key: options.key,
  });
  const seconds = (performance.now() - start) / 1000;
  for (const { line, errors } of answer.rejected) {
    const faults = errors.map(({ pointer, detail }) => [pointer.slice(1), detail].filter(Boolean).join(": "));
    tell(`line ${line}: ${faults.join("; ")}`);
  }
  printResult(options.json, { dataset, ...answer, seconds }, () => layImport(answer, seconds));
  if (answer.rejectedCount > 0) throw new InputError(`${path}: ${answer.rejectedCount} records rejected`);
}

export async function exportFile(options: ExportOptions): Promise<void> {
  const { client, dataset } = open(options);
  const format =
    options.format ?? (options.out === undefined ? undefined : formatOf(options.out)) ?? "ndjson";
  const items = await client.exportItems(dataset, format, options.filter);
  await pipeline(items, options.out === undefined ? process.stdout : createWriteStream(options.out), {
    end: options.out !== undefined,
  });
}
