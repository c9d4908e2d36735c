// Opens a table, measures it, and gives the report with its page; writes either whole or not at all.
import { renameSync, writeFileSync } from "node:fs";
import type { DataReport } from "#core/api/data-report.ts";
import { openTable } from "../reading/open-table.ts";
import type { Reading } from "../reading/raw-table.ts";
import { renderReport } from "./html/render-report.ts";
import { type ReportOptions, reportTable } from "./report-table.ts";

export interface MadeReport {
  readonly report: DataReport;
  readonly page: string;
}

/** Throws InputError for what cannot be read or reported. */
export async function makeReport(
  location: string,
  directory: string,
  reading: Reading,
  options: ReportOptions,
): Promise<MadeReport> {
  const table = await openTable(location, directory, reading);
  try {
    const report = await reportTable(table, { missing: reading.missing, ...options });
    return { report, page: renderReport(report) };
  } finally {
    table.close();
  }
}

export function writePage(file: string, page: string): void {
  writeFileSync(`${file}.part`, page);
  renameSync(`${file}.part`, file);
}
