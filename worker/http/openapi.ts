// The API's own description: generated from the routes, with a concrete row schema for every registered dataset.

import { type OpenAPIHono, z } from "@hono/zod-openapi";
import { MoveAlias, RollbackAlias } from "#core/api/aliases.ts";
import { NewDataReport } from "#core/api/data-report.ts";
import { Bootstrap, ChangePassword, ChangeUser, CreateKey, CreateUser } from "#core/api/identity.ts";
import { InferRequest } from "#core/api/inference.ts";
import {
  BatchRequest,
  Claim,
  Completion,
  Failure,
  Heartbeat,
  JobReport,
  TrainRequest,
} from "#core/api/jobs.ts";
import { Problem } from "#core/api/problem-document.ts";
import { NewOutcome } from "#core/api/requests.ts";
import { exampleRow, rowSchema } from "#core/api/row-schema.ts";
import { Sweep } from "#core/api/sweep.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { wordsIn } from "#core/dataset/words.ts";
import { listDatasets } from "../datasets/store/datasets.ts";
import { maySee, publicDatasets } from "../identity/access.ts";
import { withinTime } from "../storage/database.ts";
import type { App, AppContext, AppEnv } from "./context.ts";
import { limits, times } from "./limits.ts";

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** "used-cars" -> "UsedCarsRow". */
export function rowSchemaName(dataset: string): string {
  const words = dataset.split("-").filter((word) => word !== "");
  return `${words.map((word) => word[0].toUpperCase() + word.slice(1)).join("")}Row`;
}

/** As they are sent: what has a default may be left out. */
function identitySchemas(): Record<string, object> {
  const bodies = { Bootstrap, CreateUser, ChangeUser, ChangePassword, CreateKey };
  return Object.fromEntries(
    Object.entries(bodies).map(([name, body]) => [name, z.toJSONSchema(body, { io: "input" })]),
  );
}

function schemasOf(specs: readonly DatasetSpec[]): Record<string, object> {
  const rows = specs.map(({ name }) => ref(rowSchemaName(name)));
  const anyRow = rows.length === 0 ? { type: "object" } : rows.length === 1 ? rows[0] : { anyOf: rows };
  return {
    Problem: z.toJSONSchema(Problem),
    MoveAlias: z.toJSONSchema(MoveAlias),
    RollbackAlias: z.toJSONSchema(RollbackAlias),
    Sweep: z.toJSONSchema(Sweep),
    ...identitySchemas(),
    InferRequest: z.toJSONSchema(InferRequest),
    ...Object.fromEntries(
      Object.entries({
        TrainRequest,
        BatchRequest,
        Claim,
        Heartbeat,
        JobReport,
        Completion,
        Failure,
        NewDataReport,
      }).map(([name, schema]) => [name, z.toJSONSchema(schema, { io: "input" })]),
    ),
    NewOutcome: z.toJSONSchema(NewOutcome),
    ...itemSchemas,
    Row: { description: "One thing to price; the dataset of the path says which fields it has.", ...anyRow },
    Rows: {
      type: "object",
      additionalProperties: false,
      required: ["rows"],
      properties: { rows: { type: "array", maxItems: limits.batchRows, items: ref("Row") } },
    },
    ...Object.fromEntries(specs.map((spec) => [rowSchemaName(spec.name), rowSchema(spec)])),
  };
}

function itemSchema(required: readonly string[], properties: object) {
  return { type: "object", additionalProperties: false, required, properties };
}

const target = {
  type: ["number", "null"],
  description: "In the unit of the target; null or left out where it is not known.",
};
const itemSchemas = {
  NewItem: itemSchema(["features"], {
    id: { type: "string", minLength: 1, maxLength: 200 },
    features: ref("Row"),
    target,
  }),
  ItemContent: itemSchema(["features"], { features: ref("Row"), target }),
  ItemPatch: itemSchema([], {
    features: { type: "object", description: "Features to set, or null to take away." },
    target,
  }),
};

type Operation = {
  parameters?: { name: string; in: string; schema?: Record<string, unknown>; example?: unknown }[];
  requestBody?: { content?: Record<string, { schema?: { $ref?: string }; examples?: object }> };
};

/** Puts an example row under every body that takes one, and a known name under every {dataset}: "try it" then works at once. */
function addExamples(operation: Operation, specs: readonly DatasetSpec[]): void {
  const [first] = specs;
  if (!first) return;
  const dataset = operation.parameters?.find(({ name, in: place }) => name === "dataset" && place === "path");
  if (dataset) dataset.example = first.name;
  const body = operation.requestBody?.content?.["application/json"];
  const examples = (wrap: (row: object) => object) =>
    Object.fromEntries(
      specs.map((spec) => [spec.name, { summary: wordsIn(spec.title), value: wrap(exampleRow(spec)) }]),
    );
  if (body?.schema?.$ref === ref("Row").$ref) body.examples = examples((row) => row);
  if (body?.schema?.$ref === ref("Rows").$ref) body.examples = examples((row) => ({ rows: [row] }));
  if (["NewItem", "ItemContent", "ItemPatch"].some((name) => body?.schema?.$ref === ref(name).$ref) && body)
    body.examples = examples((features) => ({ features }));
  if (body?.schema?.$ref === ref("Sweep").$ref)
    body.examples = examples((row) => ({ row, vary: [{ feature: Object.keys(row)[0] }] }));
}

/** Specs that the reader may see; none where the database does not answer in time. */
async function visibleSpecs(c: AppContext): Promise<DatasetSpec[]> {
  const shown = publicDatasets(c.env.PUBLIC_DATASETS);
  const all = await withinTime(listDatasets(c.env), times.databasePatienceMs).catch((error) => {
    console.error("the description names no dataset", error);
    return [];
  });
  return all
    .map(({ spec }) => spec)
    .filter(({ name }) => shown.includes(name) || maySee(c.var.principal, name));
}

function describe(app: OpenAPIHono<AppEnv>, specs: readonly DatasetSpec[], origin: string) {
  const document = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Appraise",
      version: "1",
      description:
        "Prices of things, from models that the same bytes run here and in the browser. Errors are RFC 9457 problem details.",
      license: { name: "MIT", url: "https://spdx.org/licenses/MIT.html" },
    },
    servers: [{ url: origin }],
  });
  for (const path of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(path)) addExamples(operation as Operation, specs);
  }
  return {
    ...document,
    components: {
      ...document.components,
      schemas: { ...document.components?.schemas, ...schemasOf(specs) },
      securitySchemes: {
        token: {
          type: "http",
          scheme: "bearer",
          description: "An access token of POST /v1/oauth/token, an API key, or the ADMIN_TOKEN.",
        },
      },
    },
  };
}

export function mountOpenapi(app: App): void {
  app.get("/openapi.json", async (c) => {
    const document = describe(app, await visibleSpecs(c), new URL(c.req.url).origin);
    c.header("cache-control", "no-cache");
    return c.json(document, 200);
  });
}
