// Whether the service lives, whether it is ready, and what it has done.
import { createRoute, z } from "@hono/zod-openapi";
import { Readiness } from "#core/api/health.ts";
import type { App } from "../http/context.ts";
import { json, problems } from "../http/description.ts";
import { findReadiness } from "./readiness.ts";

const health = createRoute({
  method: "get",
  path: "/healthz",
  operationId: "getHealth",
  tags: ["Service"],
  summary: "Whether the Worker runs",
  security: [],
  responses: { 200: json(z.object({ status: z.literal("ok") }), "It runs."), ...problems() },
});

const ready = createRoute({
  method: "get",
  path: "/readyz",
  operationId: "getReadiness",
  tags: ["Service"],
  summary: "Whether every public dataset can be priced",
  security: [],
  responses: {
    200: json(Readiness, "All are ready."),
    ...problems(),
    503: json(Readiness, "Some are not; the detail says why."),
  },
});

const metrics = createRoute({
  method: "get",
  path: "/metrics",
  operationId: "getMetrics",
  tags: ["Service"],
  summary: "Figures of this isolate as Prometheus reads them",
  security: [],
  responses: {
    200: {
      description: "Text exposition format 0.0.4.",
      content: { "text/plain": { schema: z.string() } },
    },
    ...problems(),
  },
});

export function mountHealth(app: App): void {
  app.openapi(health, (c) => c.json({ status: "ok" as const }, 200));

  app.openapi(ready, async (c) => {
    const readiness = await findReadiness(c);
    c.header("cache-control", "no-store");
    return readiness.ready ? c.json(readiness, 200) : c.json(readiness, 503);
  });

  app.openapi(metrics, (c) => {
    const { counts, outbox, catalogue, shadow } = c.var.isolate;
    const text = counts.expose([
      {
        name: "appraise_log_queued_total",
        help: "Log entries sent to the queue.",
        type: "counter",
        value: outbox.counts.queued,
      },
      {
        name: "appraise_log_lost_total",
        help: "Log entries that the queue refused.",
        type: "counter",
        value: outbox.counts.lost,
      },
      ...(["priced", "failed", "skipped"] as const).map((outcome) => ({
        name: `appraise_shadow_${outcome}_total`,
        help: `Predictions whose shadow by the challenger was ${outcome}.`,
        type: "counter" as const,
        value: shadow.counts[outcome],
      })),
      {
        name: "appraise_shadow_lost_total",
        help: "Prices of challengers that the queue refused.",
        type: "counter",
        value: shadow.outbox.counts.lost,
      },
      {
        name: "appraise_models",
        help: "Compiled models in memory.",
        type: "gauge",
        value: catalogue.modelCount,
      },
    ]);
    return c.text(text, 200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
  });
}
