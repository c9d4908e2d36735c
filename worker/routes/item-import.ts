// Items by the thousand: NDJSON in, checked line by line and written batch by batch while it streams.
import { createRoute } from "@hono/zod-openapi";
import { ImportReport } from "#core/api/answers.ts";
import { ItemId } from "#core/api/bodies.ts";
import { type FieldError, InputError, quoted, toPointer } from "#core/api/problem.ts";
import { Refusal } from "#core/api/refusal.ts";
import { checkRow } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { checkContentType, readChunks } from "../body.ts";
import type { App } from "../context.ts";
import { limits } from "../limits.ts";
import { readLines } from "../lines.ts";
import { maxParameterBytes } from "../store/database.ts";
import { importItems, type NewItem, packItem } from "../store/items.ts";
import { requireDataset } from "./dataset.ts";
import { DatasetPath, json, problems, secured } from "./description.ts";

const route = createRoute({
  method: "post",
  path: "/v1/{dataset}/items/import",
  operationId: "importItems",
  tags: ["Items"],
  summary: "Insert or replace items, one JSON object a line",
  description:
    `Each line holds id, the features and optionally the target. At most ${limits.importBytes} bytes. A bad line is rejected alone; ` +
    "the others are kept. Sending the same lines again changes nothing.",
  security: secured,
  request: {
    params: DatasetPath,
    body: { required: true, content: { "application/x-ndjson": { schema: { type: "string" } } } },
  },
  responses: {
    200: json(ImportReport, "What was done, line by line where it failed."),
    ...problems(400, 401, 403, 404, 413, 415, 422),
  },
});

function checkTarget(spec: DatasetSpec, value: unknown): number | null {
  const { name, minimum, maximum } = spec.target;
  if (value === undefined || value === null) return null;
  const words = [
    minimum === undefined ? "" : `at least ${minimum}`,
    maximum === undefined ? "" : `at most ${maximum}`,
  ];
  const allowed = `a finite number ${words.filter(Boolean).join(" and ")}`.trim();
  const fits =
    typeof value === "number" &&
    Number.isFinite(value) &&
    value >= (minimum ?? -Infinity) &&
    value <= (maximum ?? Infinity);
  if (fits) return value;
  throw new InputError([{ pointer: toPointer([name]), detail: `expected ${allowed}; got ${quoted(value)}` }]);
}

function parseLine(spec: DatasetSpec, text: string): NewItem {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InputError("expected one JSON object; the line is not JSON");
  }
  const errors: FieldError[] = [];
  const attempt = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      errors.push(...error.errors);
      return undefined;
    }
  };
  const row = attempt(() => checkRow(spec, value, ["id", spec.target.name]));
  const given = (row ? value : {}) as Record<string, unknown>;
  const target = attempt(() => checkTarget(spec, given[spec.target.name]));
  const id = ItemId.safeParse(given.id);
  if (row && !id.success)
    errors.push({
      pointer: "/id",
      detail: `expected a text of 1 to 200 characters; got ${quoted(given.id)}`,
    });
  if (errors.length > 0 || !row || !id.success) throw new InputError(errors);
  return { id: id.data, row, target: target ?? null };
}

/** Gathers items until a statement is full. */
class Importer {
  readonly report = { inserted: 0, updated: 0, unchanged: 0 };
  #packed: string[] = [];
  #size = 0;

  constructor(private readonly write: (packed: readonly string[]) => ReturnType<typeof importItems>) {}

  async add(text: string): Promise<void> {
    // At most three bytes a UTF-16 unit in UTF-8.
    const bytes = text.length * 3 + 1;
    if (this.#size + bytes > maxParameterBytes) await this.flush();
    this.#packed.push(text);
    this.#size += bytes;
  }

  async flush(): Promise<void> {
    const counts = await this.write(this.#packed);
    for (const name of ["inserted", "updated", "unchanged"] as const) this.report[name] += counts[name];
    this.#packed = [];
    this.#size = 0;
  }
}

export function mountItemImport(app: App): void {
  app.openapi(route, async (c) => {
    const { name, spec } = await requireDataset(c);
    checkContentType(c, ["application/x-ndjson"]);
    const importer = new Importer((packed) => importItems(c.env, name, packed));
    const rejected: { line: number; errors: FieldError[] }[] = [];
    let [line, rejectedCount, kept] = [0, 0, 0];
    try {
      for await (const text of readLines(readChunks(c, limits.importBytes), limits.importLineCharacters)) {
        line++;
        if (text.trim() === "") continue;
        try {
          await importer.add(packItem(spec, parseLine(spec, text)));
          kept++;
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          rejectedCount++;
          if (rejected.length < limits.rejectedLines) rejected.push({ line, errors: [...error.errors] });
        }
      }
      await importer.flush();
    } catch (error) {
      if (!(error instanceof Refusal) || kept === 0) throw error;
      // What was written before stays: importing again is harmless, so the sender only has to know.
      const detail = `${error.message} (stopped at line ${line + 1}; lines before it may have been imported)`;
      throw new Refusal(error.kind, detail, { errors: error.errors, headers: error.headers });
    }
    c.var.notes.requestBody = `[application/x-ndjson, ${line} lines]`;
    return c.json({ ...importer.report, rejectedCount, rejected }, 200);
  });
}
