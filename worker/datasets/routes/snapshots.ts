// Data snapshots: the rows a model was fitted on, kept under their hash.
import { createRoute, z } from "@hono/zod-openapi";
import { Snapshot } from "#core/api/datasets.ts";
import { checkContentType, readBytes } from "../../http/body.ts";
import type { App } from "../../http/context.ts";
import { json, problems, secured } from "../../http/description.ts";
import { limits } from "../../http/limits.ts";
import { requireDataset } from "../../serving/requested-dataset.ts";
import { keepSnapshot } from "../store/snapshots.ts";

const put = createRoute({
  method: "put",
  path: "/v1/{dataset}/snapshots/{sha256}",
  operationId: "putSnapshot",
  tags: ["Models"],
  summary: "Keep a data snapshot: a gzipped CSV under the SHA-256 of the CSV",
  security: secured,
  request: {
    params: z.object({
      dataset: z.string(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/, "expected 64 lower-case hex digits"),
    }),
    body: {
      required: true,
      content: { "application/gzip": { schema: { type: "string", format: "binary" } } },
    },
  },
  responses: {
    200: json(Snapshot, "It was there already."),
    201: json(Snapshot, "Kept."),
    ...problems(400, 401, 403, 404, 413, 415, 422),
  },
});

export function mountSnapshots(app: App): void {
  app.openapi(put, async (c) => {
    const { name } = await requireDataset(c);
    const { sha256 } = c.req.valid("param");
    checkContentType(c, ["application/gzip"]);
    const packed = await readBytes(c, limits.snapshotPackedBytes);
    c.var.notes.requestBody = `[application/gzip, ${packed.length} bytes]`;
    const created = await keepSnapshot(c.env, name, sha256, packed, limits.snapshotBytes);
    const answer = { dataset: name, sha256, created };
    return created ? c.json(answer, 201) : c.json(answer, 200);
  });
}
