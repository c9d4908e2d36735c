// Deleting what nobody needs any more: models that were never live, and files of bundles that were never published.
import { createRoute, z } from "@hono/zod-openapi";
import { AbandonedBundle } from "#core/api/models.ts";
import { pageOf } from "#core/api/page.ts";
import { Refusal } from "#core/api/refusal.ts";
import { ModelId } from "#core/bundle/manifest.ts";
import type { App, AppContext } from "../../http/context.ts";
import { DatasetPath, idPath, json, problems, secured } from "../../http/description.ts";
import { limits, times } from "../../http/limits.ts";
import { requireDataset } from "../../serving/requested-dataset.ts";
import { encodeCursor, parseCursor, TextKey } from "../../storage/cursor.ts";
import { type BundleFolder, deleteModel, listAbandoned, removeFolder } from "../store/deletions.ts";

const remove = createRoute({
  method: "delete",
  path: "/v1/{dataset}/models/{id}",
  operationId: "deleteModel",
  tags: ["Models"],
  summary: "Delete a model that was never live",
  description:
    "Refused with 409 for a model that any alias has ever pointed to: what was live stays, so that every price can be had again. A deletion " +
    "that broke off is finished by sending it again.",
  security: secured,
  request: { params: idPath("The model's id.") },
  responses: { 204: { description: "Deleted." }, ...problems(401, 403, 404, 409) },
});

const query = z.strictObject({
  cursor: z.string().max(1000).optional().meta({ description: "The next of an earlier answer." }),
});

const list = createRoute({
  method: "get",
  path: "/v1/{dataset}/abandoned-bundles",
  operationId: "listAbandonedBundles",
  tags: ["Models"],
  summary: "List files of bundles that were never published",
  description: "What a publication that broke off left behind, once it is a day old.",
  security: secured,
  request: { params: DatasetPath, query },
  responses: { 200: json(pageOf(AbandonedBundle), "Folders of files."), ...problems(400, 401, 403, 404) },
});

const clean = createRoute({
  method: "delete",
  path: "/v1/{dataset}/abandoned-bundles",
  operationId: "deleteAbandonedBundles",
  tags: ["Models"],
  summary: "Delete files of bundles that were never published",
  description: "Those that the list of the same cursor has; go on with next until it is null.",
  security: secured,
  request: { params: DatasetPath, query },
  responses: {
    200: json(pageOf(AbandonedBundle), "The folders that were deleted."),
    ...problems(400, 401, 403, 404),
  },
});

const deletionOf = (c: AppContext, dataset: string, model: string) => ({
  ...{ dataset, model },
  actor: c.var.principal.subject,
  request: c.var.requestId,
});

async function findFolders(c: AppContext, dataset: string, cursor: string | undefined) {
  const after = cursor === undefined ? undefined : parseCursor(TextKey, cursor)[0];
  const before = Date.now() - times.abandonedAfterMs;
  const { folders, next } = await listAbandoned(c.env, dataset, {
    ...{ after, before },
    limit: limits.listedObjects,
  });
  return { folders, next: next === null ? null : encodeCursor([next]) };
}

export function mountModelDeletions(app: App): void {
  app.openapi(remove, async (c) => {
    const { name } = await requireDataset(c);
    const { id } = c.req.valid("param");
    const none = () => new Refusal("not-found", `${name} has no model of this id`);
    // Checked before it becomes part of a key: whatever else is in an id never reaches the bucket.
    if (!ModelId.safeParse(id).success) throw none();
    const outcome = await deleteModel(c.env, deletionOf(c, name, id));
    if (outcome === "was-live")
      throw new Refusal("conflict", `${id} was live: what was ever live is kept, so that its prices replay`);
    c.var.isolate.catalogue.forget(name, id);
    if (outcome === "absent") throw none();
    c.var.notes.modelId = id;
    return c.body(null, 204);
  });

  app.openapi(list, async (c) => {
    const { name } = await requireDataset(c);
    const { folders, next } = await findFolders(c, name, c.req.valid("query").cursor);
    return c.json({ items: folders, next }, 200);
  });

  app.openapi(clean, async (c) => {
    const { name } = await requireDataset(c);
    const { folders, next } = await findFolders(c, name, c.req.valid("query").cursor);
    const deleted: BundleFolder[] = [];
    for (const folder of folders) {
      const order = deletionOf(c, name, folder.model);
      if (await removeFolder(c.env, order, folder.bundle)) deleted.push(folder);
    }
    return c.json({ items: deleted, next }, 200);
  });
}
