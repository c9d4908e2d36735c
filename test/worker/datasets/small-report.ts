// A data report of one column, and its page.
import type { DataReport } from "#core/api/data-report.ts";

export const page = "<!doctype html><title>stones · Größe</title>";
export const report: DataReport = {
  version: 1,
  source: "stones.csv",
  format: "csv",
  reading: [{ name: "separator", value: ";" }],
  remarks: [],
  rows: 3,
  sampled: 3,
  columns: [
    {
      name: "größe",
      type: "number",
      role: "feature",
      missing: 0,
      marks: [],
      unreadable: 0,
      distinct: 3,
      estimated: false,
    },
  ],
  missingness: { complete: 3, patterns: [], pairs: [] },
  associations: { columns: [], strengths: [], groups: [] },
  outliers: [],
  shown: [],
  shownRows: [],
  duplicates: { rows: 0, examples: [] },
  warnings: [],
};
