// The data report: what a table holds, measured once; pages are drawn from it and programs read it. A new shape is a new version.
import * as z from "zod";

/** What this code writes and reads. */
export const dataReportVersion = 1;

const text = z.string().max(500);
const whole = z.number().int().min(0);
const share = z.number().min(0).max(1);

const Histogram = z.object({
  scale: z.enum(["linear", "log"]),
  /** One more than counts, rising. */
  edges: z.array(z.number()),
  counts: z.array(whole),
  /** Values outside the edges. */
  below: whole,
  above: whole,
});
export type Histogram = z.infer<typeof Histogram>;

const NumberSummary = z.object({
  minimum: z.number(),
  maximum: z.number(),
  mean: z.number(),
  deviation: z.number(),
  /** At 5, 25, 50, 75 and 95 %; approximate above 100,000 rows. */
  quantiles: z.array(z.number()).length(5),
  zeros: whole,
  negative: whole,
  histogram: Histogram,
});
export type NumberSummary = z.infer<typeof NumberSummary>;

const Level = z.object({ level: text, rows: whole });

/** Rows of the sample in one stretch or level of a column, and the target there. */
const TargetGroup = z.object({
  label: text,
  rows: whole,
  /** Of an amount: quartiles. */
  quartiles: z.array(z.number()).length(3).optional(),
  /** Of classes: the share of each, in the order of target.classes. */
  shares: z.array(share).optional(),
});
export type TargetGroup = z.infer<typeof TargetGroup>;

const ReportColumn = z.object({
  name: text,
  type: z.enum(["number", "integer", "boolean", "date", "datetime", "category", "ordered category", "text"]),
  role: z.enum(["target", "feature", "left out"]),
  /** Why it is left out. */
  reason: text.optional(),
  unit: text.optional(),
  missing: whole,
  /** Texts that were read as missing, beside the usual ones. */
  marks: z.array(text),
  /** Cells that cannot be read as the type. */
  unreadable: whole,
  distinct: whole,
  /** Whether distinct is an estimate. */
  estimated: z.boolean(),
  /** Of numbers; of dates in days since 1970-01-01. */
  number: NumberSummary.optional(),
  levels: z.object({ top: z.array(Level), others: whole, otherRows: whole }).optional(),
  /** What the column tells of the target: mutual information in nats, and its strength from 0 to 1. */
  information: z.object({ nats: z.number().min(0), strength: share }).optional(),
  byTarget: z.array(TargetGroup).optional(),
});
export type ReportColumn = z.infer<typeof ReportColumn>;

const ShownRow = z.object({ row: whole, cells: z.array(text.nullable()) });

export const DataReport = z.object({
  version: z.literal(dataReportVersion),
  source: text,
  format: text,
  /** How the table was read: encoding, separator, decimal mark, sheet. */
  reading: z.array(z.object({ name: text, value: text })),
  remarks: z.array(text),
  rows: whole,
  /** Rows that relations between columns are measured on: all, or every n-th. */
  sampled: whole,
  target: z
    .object({
      column: text,
      kind: z.enum(["amount", "classes"]),
      classes: z.array(text),
    })
    .optional(),
  columns: z.array(ReportColumn),
  missingness: z.object({
    complete: whole,
    /** Columns that are missing in the same rows, most frequent first. */
    patterns: z.array(z.object({ columns: z.array(text), rows: whole })),
    /** Pairs whose gaps go together: correlation of being missing. */
    pairs: z.array(z.object({ one: text, other: text, correlation: z.number() })),
  }),
  /** Strength from 0 to 1 between columns of any type; 1 where one settles the other. */
  associations: z.object({
    columns: z.array(text),
    /** Of each column with those before it. */
    strengths: z.array(z.array(share)),
    groups: z.array(z.object({ columns: z.array(text), weakest: share })),
  }),
  outliers: z.array(
    z.object({
      column: text,
      low: z.number(),
      high: z.number(),
      rows: whole,
      /** The furthest. */
      examples: z.array(z.object({ row: whole, value: z.number() })),
    }),
  ),
  /** Whole rows behind the examples of outliers and duplicates; cells in the order of shown. */
  shown: z.array(text),
  shownRows: z.array(ShownRow),
  duplicates: z.object({
    /** Rows that repeat an earlier one in every column. */
    rows: whole,
    examples: z.array(z.object({ rows: z.array(whole), times: whole })),
  }),
  places: z
    .object({
      latitude: text,
      longitude: text,
      /** Latitude, longitude, and where there is an amount its rank from 0 to 1. */
      points: z.array(z.array(z.number()).min(2).max(3)),
    })
    .optional(),
  /** What cleaning would drop before training; absent without a target. */
  cleaning: z
    .object({
      kept: whole,
      dropped: z.array(z.object({ rule: text, rows: whole, why: text, examples: z.array(whole) })),
    })
    .optional(),
  warnings: z.array(z.object({ kind: text, column: text.optional(), detail: text })),
});
export type DataReport = z.infer<typeof DataReport>;

/** What is sent to be kept: the report, and the page that was drawn from it. */
export const NewDataReport = z.strictObject({
  report: DataReport,
  page: z.string().min(1).max(12_000_000),
});

/** What the server says of a report that it keeps. */
export const KeptDataReport = z.object({ dataset: z.string(), sha256: z.string() });
