// A moment as a query names it: RFC 3339, or milliseconds since 1970.
import * as z from "zod";

const Text = z.iso.datetime({ offset: true });
const furthestMs = 8.64e15;

/** Milliseconds since 1970, exactly; undefined for a text that is no moment. */
export function findInstant(text: string): number | undefined {
  if (/^\d{1,16}$/.test(text)) return Number(text) <= furthestMs ? Number(text) : undefined;
  if (!Text.safeParse(text).success) return undefined;
  // Date keeps milliseconds and cuts what is finer: the moment is then told a little too early, never too late.
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

export const Instant = z
  .string()
  .max(64)
  .refine(
    (text) => findInstant(text) !== undefined,
    "expected a moment as in RFC 3339, such as 2026-11-21T10:00:00Z, or milliseconds since 1970",
  );
