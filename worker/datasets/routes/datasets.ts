// Datasets: the specs that everything else follows.

import { createRoute, z } from "@hono/zod-openapi";
import { DatasetAnswer, DatasetSummary } from "#core/api/answers.ts";
import { InputError } from "#core/api/problem.ts";
import { exampleRow, rowSchema } from "#core/api/row-schema.ts";
import { checkSpec, type DatasetSpec } from "#core/dataset/spec.ts";
import { wordsIn } from "#core/dataset/words.ts";
import { readJson } from "../../http/body.ts";
import type { App, AppContext } from "../../http/context.ts";
import { DatasetPath, json, problems, secured, securedOrPublic } from "../../http/description.ts";
import { limits, times } from "../../http/limits.ts";
import { maySee, publicDatasets, reservedNames } from "../../identity/index.ts";
import { requireDataset } from "../../serving/requested-dataset.ts";
import { withinTime } from "../../storage/database.ts";
import { countItems, hashSpec, listDatasets, registerDataset } from "../store/datasets.ts";

const list = createRoute({
  method: "get",
  path: "/v1/datasets",
  operationId: "listDatasets",
  tags: ["Datasets"],
  summary: "List the datasets",
  description: "Without a token the public ones; with a token of scope read all of them.",
  security: securedOrPublic,
  responses: {
    200: json(z.object({ items: z.array(DatasetSummary), next: z.null() }), "The datasets by name."),
    ...problems(401),
  },
});

const read = createRoute({
  method: "get",
  path: "/v1/{dataset}",
  operationId: "getDataset",
  tags: ["Datasets"],
  summary: "Read a dataset: spec, schema of a row, champion, number of items",
  security: securedOrPublic,
  request: { params: DatasetPath },
  responses: { 200: json(DatasetAnswer, "The dataset."), ...problems(401, 403, 404) },
});

const registered = z.object({
  name: z.string(),
  version: z.int(),
  specHash: z.string(),
  state: z.enum(["created", "changed", "unchanged"]),
});

const register = createRoute({
  method: "put",
  path: "/v1/datasets/{dataset}",
  operationId: "putDataset",
  tags: ["Datasets"],
  summary: "Register a dataset by its spec, or change it",
  description:
    "The same spec twice changes nothing. Titles, descriptions, steps and examples may change at any time. Once items or models " +
    "exist, a change of features, target or similar needs a higher version (409 otherwise); models that were fitted to an " +
    "earlier spec go on checking rows against that one.",
  security: secured,
  request: {
    params: DatasetPath,
    body: {
      required: true,
      content: { "application/json": { schema: { type: "object", title: "dataset.json" } } },
    },
  },
  responses: {
    200: json(registered, "Changed, or as it was."),
    201: json(registered, "Registered."),
    ...problems(400, 401, 403, 409, 413, 415, 422),
  },
});

async function rowCount(c: AppContext, name: string): Promise<number | null> {
  // A page that only wants the spec shall not fail with the database.
  return withinTime(countItems(c.env, name), times.databasePatienceMs).catch((error) => {
    console.error(`${name}: items not counted`, error);
    return null;
  });
}

function checkName(spec: DatasetSpec, name: string): void {
  if (spec.name !== name) {
    throw new InputError([
      { pointer: "/name", detail: `expected "${name.slice(0, 63)}", the name in the path` },
    ]);
  }
  if (reservedNames.has(name)) {
    const detail = `"${name}" is a path of the API; a dataset cannot be called ${[...reservedNames].join(", ")}`;
    throw new InputError([{ pointer: "/name", detail }]);
  }
}

export function mountDatasets(app: App): void {
  app.openapi(list, async (c) => {
    const shown = publicDatasets(c.env.PUBLIC_DATASETS);
    const all = await listDatasets(c.env);
    const items = all
      .map(({ spec, specHash, champion }) => ({
        ...{ name: spec.name, title: wordsIn(spec.title), version: spec.version, specHash, champion },
        public: shown.includes(spec.name),
      }))
      .filter((one) => one.public || maySee(c.var.principal, one.name));
    return c.json({ items, next: null }, 200);
  });

  app.openapi(register, async (c) => {
    const spec = checkSpec(await readJson(c, limits.specBytes));
    checkName(spec, c.req.valid("param").dataset);
    const state = await registerDataset(c.env, spec);
    if (state !== "unchanged") await c.var.isolate.catalogue.refresh(c.env, spec.name);
    const answer = { name: spec.name, version: spec.version, specHash: await hashSpec(spec), state };
    return state === "created" ? c.json(answer, 201) : c.json(answer, 200);
  });
}

/** Apart from the others, since its path takes every name that no other route has. */
export function mountDataset(app: App): void {
  app.openapi(read, async (c) => {
    const { name, spec, specHash, champion } = await requireDataset(c);
    const answer = {
      ...{ name, spec, specHash },
      public: publicDatasets(c.env.PUBLIC_DATASETS).includes(name),
      rowSchema: rowSchema(spec),
      example: exampleRow(spec, champion?.manifest.training?.typical),
      training: champion?.manifest.training ?? null,
      champion: champion ? { id: champion.id, family: champion.manifest.family } : null,
      rows: await rowCount(c, name),
    };
    return c.json(answer, 200);
  });
}
