// The data snapshot: cleaned rows as canonical CSV, so that equal data have one name whatever order they came in.
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { taskOf } from "#core/tasks/index.ts";
import type { CleanRow } from "./clean.ts";
import { columnNames } from "./raw-row.ts";

export interface Snapshot {
  /** The cleaned rows in the snapshot's order: everything downstream is computed in it. */
  readonly rows: readonly CleanRow[];
  /** RFC 4180 with LF: features in the spec's order, then the target; lines sorted by code unit; a missing value is empty. */
  readonly csv: string;
  /** SHA-256 of the CSV's UTF-8 bytes, lower-case hex. */
  readonly sha256: string;
}

function toCell(value: number | string | undefined): string {
  if (value === undefined) return "";
  const text = String(value);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Lower-case hex SHA-256. */
export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(bytes));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Sorts, writes and hashes the rows; the given array is left as it is. */
export async function takeSnapshot(spec: DatasetSpec, rows: readonly CleanRow[]): Promise<Snapshot> {
  const names = spec.features.map((feature) => feature.name);
  const task = taskOf(spec);
  const lines = rows.map((row) => ({
    row,
    line: [...names.map((name) => toCell(row.features[name])), toCell(task.decode(spec, row.target))].join(
      ",",
    ),
  }));
  lines.sort((a, b) => (a.line < b.line ? -1 : a.line > b.line ? 1 : 0));
  const header = columnNames(spec).map(toCell).join(",");
  const csv = `${[header, ...lines.map(({ line }) => line)].join("\n")}\n`;
  return { rows: lines.map(({ row }) => row), csv, sha256: await sha256Hex(new TextEncoder().encode(csv)) };
}
