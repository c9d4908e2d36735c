// Where a dataset's rows come from and how they are read: the file or table, and every decision about its text.
import * as z from "zod";
import { encodings } from "./encoding.ts";

const sourceFormats = ["csv", "ndjson"] as const;

const Marks = z.array(z.string().max(100)).max(50);

const ColumnReading = z.strictObject({
  /** Texts that stand for nothing in this column, beside those of the whole source. */
  missing: Marks.optional(),
  decimal: z.enum([".", ","]).optional(),
  thousands: z.enum([",", ".", " ", "'"]).optional(),
  /** How dates are written, in the terms of strptime. */
  date: z.string().max(60).optional(),
});

export const Source = z.strictObject({
  format: z.enum(sourceFormats),
  /** `npm:<package>/<file>`, a URL (https, postgres, mysql; without a password), env:<VARIABLE>, or a path relative to the spec. */
  path: z.string().min(1).max(1000),
  licence: z.string().max(200).optional(),
  attribution: z.string().max(2000).optional(),
  encoding: z.enum(encodings).optional(),
  separator: z.string().length(1).optional(),
  /** "" where the text has no quotes. */
  quote: z.string().max(1).optional(),
  decimal: z.enum([".", ","]).optional(),
  comment: z.string().length(1).optional(),
  skipLines: z.int().min(0).max(1000).optional(),
  header: z.boolean().optional(),
  sheet: z.string().min(1).max(100).optional(),
  /** Cells of a sheet, as B3:F200. */
  range: z
    .string()
    .regex(/^[A-Z]{1,3}[1-9][0-9]{0,6}:[A-Z]{1,3}[1-9][0-9]{0,6}$/, "expected a range of cells, as B3:F200")
    .optional(),
  table: z.string().min(1).max(200).optional(),
  query: z.string().min(1).max(10_000).optional(),
  /** What happens to a record that has more or fewer cells than the header: reading stops, or the record is left out and said. */
  ragged: z.enum(["refuse", "skip"]).optional(),
  /** Texts that stand for nothing, beside the empty one, NA, N/A, NaN and null. */
  missing: Marks.optional(),
  /** By the column's header. */
  columns: z.record(z.string(), ColumnReading).optional(),
  /** Columns that are no features, each with its reason. */
  leftOut: z
    .array(z.strictObject({ column: z.string().max(200), reason: z.string().max(500) }))
    .max(2000)
    .optional(),
});
