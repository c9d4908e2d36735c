// A page of a list.
import * as z from "zod";

/** A page of a list; `next` is the cursor of the page after it. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}
