// The server as the Open Inference Protocol v2 sees it: its health, its name and its extensions.
import { createRoute, z } from "@hono/zod-openapi";
import { ServerMetadata } from "#core/api/inference.ts";
import { Refusal } from "#core/api/refusal.ts";
import { findReadiness } from "../../health/index.ts";
import type { App } from "../../http/context.ts";
import { json, problems } from "../../http/description.ts";

export const inferenceTags = ["Open Inference Protocol"];

const live = createRoute({
  method: "get",
  path: "/v2/health/live",
  operationId: "isServerLive",
  tags: inferenceTags,
  summary: "Whether the server runs",
  security: [],
  responses: { 200: json(z.object({ live: z.literal(true) }), "It runs."), ...problems() },
});

const ready = createRoute({
  method: "get",
  path: "/v2/health/ready",
  operationId: "isServerReady",
  tags: inferenceTags,
  summary: "Whether every public dataset can be priced",
  security: [],
  responses: { 200: json(z.object({ ready: z.literal(true) }), "All can."), ...problems() },
});

const server = createRoute({
  method: "get",
  path: "/v2",
  operationId: "getServerMetadata",
  tags: inferenceTags,
  summary: "Read the server's name and extensions",
  security: [],
  responses: { 200: json(ServerMetadata, "The server."), ...problems() },
});

export function mountInferenceServer(app: App): void {
  app.openapi(live, (c) => c.json({ live: true as const }, 200));

  app.openapi(ready, async (c) => {
    const { ready: all, datasets } = await findReadiness(c);
    const waiting = datasets
      .filter((dataset) => !dataset.ready)
      .map(({ name, detail }) => `${name}: ${detail}`);
    if (!all) throw new Refusal("unavailable", waiting.join("; "));
    return c.json({ ready: true as const }, 200);
  });

  app.openapi(server, (c) => {
    const extensions = ["binary_tensor_data"];
    return c.json({ name: "appraise", version: "1", extensions }, 200);
  });
}
