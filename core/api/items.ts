// Items as the API answers them, their history, and the report of an import.
import * as z from "zod";
import { FieldErrors } from "./problem-document.ts";

const Instant = z.iso.datetime();
export const ItemRow = z.record(z.string(), z.union([z.number(), z.string()]));

export const Item = z.object({
  id: z.string(),
  features: ItemRow,
  target: z.number().nullable(),
  revision: z.int(),
  createdAt: Instant,
  updatedAt: Instant,
});

const ItemContent = z.object({ features: ItemRow, target: z.number().nullable() }).nullable();

export const ItemChange = z.object({
  revision: z.int(),
  /** Null, as actor and request, where it was written before changes were recorded. */
  action: z.enum(["create", "replace", "patch", "delete", "import"]).nullable(),
  actor: z.string().nullable(),
  /** The request that made the change. */
  request: z.string().nullable(),
  time: Instant,
  /** Null where there was no item. */
  before: ItemContent,
  after: ItemContent,
});

export const ImportReport = z.object({
  inserted: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  rejectedCount: z.int(),
  /** The first rejected lines. */
  rejected: z.array(z.object({ line: z.int(), errors: FieldErrors })),
});
