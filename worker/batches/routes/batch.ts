// Prices of many rows: JSON, CSV or NDJSON in, any of them out, streamed.
import { createRoute, z } from "@hono/zod-openapi";
import { BatchPrediction } from "#core/api/answers.ts";
import { InputError } from "#core/api/problem.ts";
import { checkContentType, readChunks } from "../../http/body.ts";
import type { App, AppContext } from "../../http/context.ts";
import { DatasetPath, json, problems, securedOrPublic } from "../../http/description.ts";
import { boundText, limits, limitsFor } from "../../http/limits.ts";
import { negotiateType } from "../../http/negotiation.ts";
import { loggable } from "../../requests/index.ts";
import { chooseModel, PredictQuery } from "../../serving/model-choice.ts";
import type { ServedModel } from "../../serving/pricing.ts";
import { requireDataset } from "../../serving/requested-dataset.ts";
import { streamAnswer } from "../answer.ts";
import { CarriedColumns, parseKeep } from "../carried.ts";
import { type BatchType, batchFormats, batchTypes } from "../formats.ts";
import { HeldBody } from "../held-body.ts";
import { priceAll } from "../priced-rows.ts";

const text = { schema: { type: "string" as const } };

const route = createRoute({
  method: "post",
  path: "/v1/{dataset}/predict/batch",
  operationId: "predictBatch",
  tags: ["Prices"],
  summary: "Price many rows",
  description:
    `At most ${boundText("batchRows")} rows and ${boundText("batchBytes")} bytes: {"rows": [...]}, CSV whose header names the features (an empty cell is ` +
    "missing), or one JSON object a line. Accept chooses the answer's form, that of the body otherwise. A bad row fails alone, with its " +
    "index and its faults. id, key and the columns that keep names are carried through to the answer, under kept. A CSV may part its cells " +
    "with commas, semicolons, tabs or vertical bars; where no comma does, a number may have a decimal comma. The answer begins once the whole body is read and streams from then on.",
  security: securedOrPublic,
  request: {
    params: DatasetPath,
    query: PredictQuery.extend({
      keep: z
        .string()
        .max(2000)
        .optional()
        .meta({
          description: `Names of up to ${limits.keptColumns} columns, with commas, that are carried through to the answer beside id and key.`,
        }),
    }),
    body: {
      required: true,
      content: {
        "application/json": { schema: { $ref: "#/components/schemas/Rows" } },
        "text/csv": text,
        "application/x-ndjson": text,
      },
    },
  },
  responses: {
    200: {
      description:
        "One entry a row, in their order. CSV has the columns index, those carried, prediction, low, high, missing, warnings, errors.",
      content: {
        ...json(BatchPrediction, "").content,
        "text/csv": text,
        "application/x-ndjson": text,
      },
    },
    ...problems(400, 401, 403, 404, 406, 413, 415, 422),
  },
});

/** Reads all rows once: whatever refuses the whole is known before an answer has begun. */
async function checkBody(
  body: HeldBody,
  type: BatchType,
  model: ServedModel,
  carried: CarriedColumns,
  mostRows: number,
): Promise<void> {
  let rows = 0;
  for await (const group of batchFormats[type].read(body.pieces(), model.spec, carried)) {
    rows += group.length;
    for (const given of group) if ("value" in given) carried.part(given.value);
    if (rows > mostRows)
      throw new InputError([{ pointer: "/rows", detail: `expected at most ${mostRows} rows` }]);
  }
}

function note(c: AppContext, body: HeldBody): void {
  const { text, isCut } = body.beginning(2 * limits.loggedBodyBytes);
  c.var.notes.requestBody = loggable(text, limits.loggedBodyBytes, isCut);
}

export function mountBatch(app: App): void {
  app.openapi(route, async (c) => {
    const { model: reference, coverage, keep } = c.req.valid("query");
    const kept = parseKeep(keep);
    await requireDataset(c);
    const type = checkContentType(c, batchTypes);
    const answerType = negotiateType(c.req.header("accept"), [
      type,
      ...batchTypes.filter((other) => other !== type),
    ]);
    const { batchBytes, batchRows } = limitsFor(c.var.principal.kind);
    const body = await HeldBody.read(readChunks(c, batchBytes), c.var.isolate.batches);
    try {
      note(c, body);
      const { model, pricedBy } = await chooseModel(c, reference);
      const carried = new CarriedColumns(model.spec, kept);
      await checkBody(body, type, model, carried, batchRows);
      const given = batchFormats[type].read(body.pieces(), model.spec, carried);
      const blocks = priceAll(model, given, { coverage, carried });
      const head = { id: c.var.requestId, unit: model.spec.target.unit, model: pricedBy };
      const format = batchFormats[answerType];
      const answer = await streamAnswer(format.write(head, carried.seen), blocks, () => body.release());
      c.var.notes.answerHead = loggable(answer.head, limits.loggedBodyBytes, answer.isCut);
      return c.body(answer.body, 200, { "content-type": format.answerType, vary: "Accept" }) as never;
    } catch (error) {
      body.release();
      throw error;
    }
  });
}
