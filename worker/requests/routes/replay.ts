// Dead letters written to the log after all.
import { createRoute, z } from "@hono/zod-openapi";
import { ReplayReport } from "#core/api/requests.ts";
import type { App } from "../../http/context.ts";
import { json, problems, secured } from "../../http/description.ts";
import { limits } from "../../http/limits.ts";
import { encodeCursor, parseCursor, TextKey } from "../../storage/cursor.ts";
import { replayLetters } from "../store/dead-letters.ts";

const route = createRoute({
  method: "post",
  path: "/v1/requests/replay",
  operationId: "replayRequests",
  tags: ["Requests"],
  summary: "Write log entries that were given up to the log",
  description:
    "Entries that the database did not take wait in R2. Each is written once, however often this is called; what is no entry stays there " +
    "and is counted. Go on with next until it is null.",
  security: secured,
  request: {
    query: z.strictObject({
      cursor: z.string().max(1000).optional().meta({ description: "The next of an earlier answer." }),
      limit: z.coerce
        .number()
        .int()
        .min(1)
        .max(limits.replayedLetters)
        .default(100)
        .meta({ description: "How many entries at most." }),
    }),
  },
  responses: { 200: json(ReplayReport, "What was done."), ...problems(400, 401, 403) },
});

export function mountReplay(app: App): void {
  app.openapi(route, async (c) => {
    const { cursor, limit } = c.req.valid("query");
    const after = cursor === undefined ? undefined : parseCursor(TextKey, cursor)[0];
    const { replayed, unreadable, next } = await replayLetters(c.env, after, limit);
    return c.json({ replayed, unreadable, next: next === null ? null : encodeCursor([next]) }, 200);
  });
}
