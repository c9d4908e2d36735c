// Cursors of lists: where the last page ended, opaque to the reader, checked on the way back.
import * as z from "zod";
import { Refusal } from "#core/api/refusal.ts";

export interface Page<T> {
  readonly items: T[];
  readonly next: string | null;
}

type Key = readonly (string | number | null)[];

export function encodeCursor(key: Key): string {
  const bytes = new TextEncoder().encode(JSON.stringify(key));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** The key in a cursor; throws a refusal for a cursor that no list here gave. */
export function parseCursor<T>(schema: z.ZodType<T>, cursor: string): T {
  let key: unknown;
  try {
    const binary = atob(cursor.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    key = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes));
  } catch {
    key = undefined;
  }
  const result = schema.safeParse(key);
  if (result.success) return result.data;
  const errors = [{ pointer: "/cursor", detail: 'expected the "next" of an earlier page of this list' }];
  throw new Refusal("malformed", "the cursor is not one of this list", { errors });
}

/** A page of `limit` out of at most `limit + 1` rows read; the one too many only tells that there is more. */
export function pageOf<R, T>(
  rows: readonly R[],
  limit: number,
  keyOf: (row: R) => Key,
  read: (row: R) => T,
): Page<T> {
  const page = rows.slice(0, limit);
  const next = rows.length > limit ? encodeCursor(keyOf(page[page.length - 1])) : null;
  return { items: page.map(read), next };
}

export const TextKey = z.tuple([z.string().max(500)]);
export const NumberKey = z.tuple([z.number()]);
export const TimeKey = z.tuple([z.number(), z.string().max(500)]);
