// Pieces that the descriptions of all routes share: parameters, answers, problems.
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { toPointer } from "#core/api/problem.ts";
import { Refusal } from "#core/api/refusal.ts";
import { limits } from "./limits.ts";

const reasons = {
  400: "The request is malformed: a query parameter, a cursor, or a body that is not JSON.",
  401: "A token or key is needed, or the one given is wrong or has expired.",
  403: "The token or key lacks a scope, or does not work here; the detail says which.",
  404: "No such dataset, model, item, alias or request.",
  405: "The path does not answer this method; Allow lists those it does.",
  406: "Accept names none of the content types that this answers in.",
  409: "What is there already stands against it.",
  412: "What is there has changed since: read it again.",
  413: "The body is larger than what is read here.",
  415: "The body has another content type than the ones listed.",
  422: "The input breaks the dataset's spec or the schema; errors has one pointer a fault.",
  428: "If-Match or If-None-Match: * is needed.",
  429: "Too many requests; Retry-After says when to try again.",
  503: "Not available yet, such as before a model is published; Retry-After says when to try again.",
} as const;

type ProblemStatus = keyof typeof reasons;

const problemContent = {
  "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
};

/** The documented problems of a route. Every route may answer 405, 429 and 503. */
export function problems<S extends ProblemStatus>(...statuses: S[]) {
  const entries = [...statuses, 405 as const, 429 as const, 503 as const].map((status) => [
    status,
    { description: reasons[status], content: problemContent },
  ]);
  return Object.fromEntries(entries) as Record<
    S | 405 | 429 | 503,
    { description: string; content: typeof problemContent }
  >;
}

/** A JSON answer. */
export function json<T extends z.ZodType>(schema: T, description: string) {
  return { description, content: { "application/json": { schema } } };
}

/** An answer of bytes or text that no schema describes. */
export function binary(type: string, description: string) {
  return { description, content: { [type]: { schema: { type: "string" as const, format: "binary" } } } };
}

/** One row of the dataset that the path names. */
export const rowBody = {
  required: true,
  content: { "application/json": { schema: { $ref: "#/components/schemas/Row" } } },
};

/** A body that a route reads and checks by itself, described by a component of the document. */
export function jsonBody(component: string, types: readonly string[] = ["application/json"]) {
  const media = { schema: { $ref: `#/components/schemas/${component}` } };
  return { required: true, content: Object.fromEntries(types.map((type) => [type, media])) };
}

const header = (description: string) => z.string().optional().meta({ description });

export const ifMatchHeader = z.object({
  "if-match": header("The ETag that was read; * for whatever is there."),
});
export const ifNoneMatchHeader = z.object({
  "if-none-match": header("The ETag that the reader has already."),
});
export const idempotencyHeader = z.object({
  "idempotency-key": header(
    "Up to 255 visible ASCII characters. The same request under the same key is done once: repetitions within a day get the first " +
      "answer, with Idempotency-Replayed: true; 409 while it runs, 422 for another request.",
  ),
});

export const DatasetPath = z.object({ dataset: z.string() });
export const idPath = (description: string) =>
  z.object({ dataset: z.string(), id: z.string().meta({ description }) });

export const pageQuery = z.strictObject({
  cursor: z.string().max(1000).optional().meta({ description: "The next of an earlier page." }),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(limits.pageItems)
    .default(50)
    .meta({ description: "How many items a page has." }),
});

/** Tokens are needed here, unless the dataset is public and the route allows it. */
export const secured: Record<string, string[]>[] = [{ token: [] }];
export const securedOrPublic: Record<string, string[]>[] = [{ token: [] }, {}];

/** Turns a failed check of a query or path into a refusal that names the parameter and never quotes it. */
export function refuseParameters(
  result: { success: boolean; error?: { issues: { path: PropertyKey[]; message: string }[] } },
  _c: Context,
): undefined {
  if (result.success || !result.error) return undefined;
  const errors = result.error.issues.map(({ path, message }) => ({
    pointer: toPointer(path),
    detail: message,
  }));
  throw new Refusal("malformed", "a parameter of the query or the path is wrong", { errors });
}
