// A server may be older or newer than the trainer that talks to it, so what it answers is checked.
import type * as z from "zod";
import { ApiFault } from "../../sdk/api-fault.ts";

/** A success that is not what the API promises. */
export function unexpectedAnswer(response: Response, reason: string): ApiFault {
  const { status, url, headers } = response;
  const requestId = headers.get("x-request-id") ?? undefined;
  return new ApiFault({ request: new URL(url).pathname, status, detail: reason, requestId });
}

/** An answer's JSON, held against its schema. Throws ApiFault for another. */
export async function readAnswer<T>(schema: z.ZodType<T>, response: Response): Promise<T> {
  const body: unknown = await response.json().catch(() => undefined);
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw unexpectedAnswer(response, `unexpected answer: ${issue.path.join(".")}: ${issue.message}`);
}
