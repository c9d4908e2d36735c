// Items by the thousand: NDJSON or CSV in, checked record by record and written chunk by chunk while it streams.
import { createRoute, z } from "@hono/zod-openapi";
import { checkItemRecord, type NewItem } from "#core/api/item-bodies.ts";
import { ImportReport } from "#core/api/items.ts";
import { type FieldError, InputError } from "#core/api/problem.ts";
import { Refusal } from "#core/api/refusal.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { checkContentType } from "../../http/body.ts";
import type { App, AppContext } from "../../http/context.ts";
import { DatasetPath, idempotencyHeader, json, problems, secured } from "../../http/description.ts";
import { answerOnce, HashedBody, type Once } from "../../http/idempotency.ts";
import { limits } from "../../http/limits.ts";
import type { Answer } from "../../http/store/idempotency.ts";
import { requireDataset } from "../../serving/requested-dataset.ts";
import { checkGiven, type GivenItem, importTypes, readItems } from "../given-items.ts";
import { type ItemSink, openPartialSink, openWholeSink } from "../item-sink.ts";
import { packItem } from "../store/items.ts";

const modes = ["partial", "all-or-nothing"] as const;
type Mode = (typeof modes)[number];

const text = { schema: { type: "string" as const } };

const route = createRoute({
  method: "post",
  path: "/v1/{dataset}/items/import",
  operationId: "importItems",
  tags: ["Items"],
  summary: "Insert or replace items by the thousand",
  description:
    "One JSON object a line, or CSV whose header names the columns in any order: id, the features and, where known, the target. At most " +
    `${limits.importBytes} bytes and ${limits.importRows} records. Sending the same records again changes nothing. With mode=partial a bad ` +
    "record is rejected alone, and what is good is visible chunk by chunk; with mode=all-or-nothing one bad record refuses the whole (422, " +
    "each fault with its line), and all become visible at one moment.",
  security: secured,
  request: {
    params: DatasetPath,
    query: z.strictObject({
      mode: z.enum(modes).default("partial").meta({ description: "What a bad record does to the others." }),
    }),
    headers: idempotencyHeader,
    body: { required: true, content: { "application/x-ndjson": text, "text/csv": text } },
  },
  responses: {
    200: json(ImportReport, "What was done, line by line where it failed."),
    ...problems(400, 401, 403, 404, 409, 413, 415, 422),
  },
});

/** Checks records and remembers what they broke, up to a bound. */
class Inspection {
  line = 0;
  kept = 0;
  rejectedCount = 0;
  readonly rejected: { line: number; errors: readonly FieldError[] }[] = [];
  readonly #lines = new Map<string, number>();

  private readonly spec: DatasetSpec;

  constructor(spec: DatasetSpec) {
    this.spec = spec;
  }

  /** The item, or undefined for a record that is rejected. Throws a refusal for one record too many. */
  take(given: GivenItem): NewItem | undefined {
    this.line = given.line;
    if (this.#lines.size >= limits.importRows)
      throw new Refusal("too-large", `an import has at most ${limits.importRows} records`);
    const checked = checkGiven(given, (value) => this.#check(value));
    if ("item" in checked) {
      this.#lines.set(checked.item.id, given.line);
      this.kept++;
      return checked.item;
    }
    this.rejectedCount++;
    if (this.rejected.length < limits.rejectedLines)
      this.rejected.push({ line: given.line, errors: checked.errors });
    return undefined;
  }

  #check(value: unknown): NewItem {
    const item = checkItemRecord(this.spec, value);
    const first = this.#lines.get(item.id);
    if (first === undefined) return item;
    throw new InputError([{ pointer: "/id", detail: `the id stands on line ${first} already` }]);
  }

  /** The faults as one list, each with its line. */
  get faults(): (FieldError & { line: number })[] {
    return this.rejected.flatMap(({ line, errors }) =>
      errors.map(({ pointer, detail }) => ({ line, pointer, detail: `line ${line}: ${detail}` })),
    );
  }
}

const jsonAnswer = (body: object): Answer => ({ status: 200, headers: {}, body: JSON.stringify(body) });

async function importAll(
  spec: DatasetSpec,
  items: AsyncIterable<GivenItem>,
  inspection: Inspection,
  sink: ItemSink,
  mode: Mode,
  once: Once | undefined,
): Promise<Answer> {
  const isWhole = mode === "all-or-nothing";
  for await (const given of items) {
    const item = inspection.take(given);
    if (isWhole && inspection.rejected.length >= limits.rejectedLines) break;
    if (item && !(isWhole && inspection.rejectedCount > 0)) await sink.add(packItem(spec, item));
  }
  if (isWhole && inspection.rejectedCount > 0) throw new InputError(inspection.faults);
  // The store puts the report in place of this body: only it knows what the import did.
  const seal = once && isWhole ? async () => (await once.seal())(jsonAnswer({})) : undefined;
  const { rejectedCount, rejected } = inspection;
  return jsonAnswer({ ...(await sink.finish(seal)), rejectedCount, rejected });
}

async function runImport(c: AppContext, mode: Mode): Promise<Response> {
  const { name, spec } = await requireDataset(c);
  const type = checkContentType(c, importTypes);
  const body = new HashedBody(c, limits.importBytes);
  const inspection = new Inspection(spec);
  const writer = { actor: c.var.principal.subject, request: c.var.requestId };
  const sink = mode === "partial" ? openPartialSink(c.env, name, writer) : openWholeSink(c.env, name, writer);
  return answerOnce(c, body, async (once) => {
    try {
      return await importAll(spec, readItems(type, body.chunks(), spec), inspection, sink, mode, once);
    } catch (error) {
      await sink.abandon().catch((failure) => console.error("an import is not tidied up", failure));
      if (!(error instanceof Refusal) || mode !== "partial" || inspection.kept === 0) throw error;
      // What was written before stays: importing again is harmless, so the sender only has to know.
      const detail = `${error.message} (stopped after line ${inspection.line}; lines up to it may have been imported)`;
      throw new Refusal(error.kind, detail, { errors: error.errors, headers: error.headers });
    } finally {
      c.var.notes.requestBody = `[${type}, ${inspection.line} lines]`;
    }
  });
}

export function mountItemImport(app: App): void {
  app.openapi(route, async (c) => (await runImport(c, c.req.valid("query").mode)) as never);
}
