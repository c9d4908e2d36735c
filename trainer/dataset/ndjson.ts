// Reads NDJSON (one JSON object a line) as a stream of records that carry the spec's columns.
import { InputError, quoted } from "#core/api/problem.ts";
import { isMissing } from "#core/dataset/cell.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { maxRecordBytes } from "./csv.ts";
import { badNumber, columnNames, numberColumns, type RawRow, textReader } from "./raw-row.ts";

/** Lines of a UTF-8 stream without their line ends, each with its 1-based number; the last may lack its end. */
async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  source: string,
): AsyncGenerator<{ line: number; text: string }> {
  const decoder = new TextDecoder();
  let held = "";
  let line = 0;
  for await (const chunk of chunks) {
    const parts = (held + decoder.decode(chunk, { stream: true })).split("\n");
    held = parts.pop() ?? "";
    for (const text of parts) yield { line: ++line, text };
    if (held.length > maxRecordBytes) {
      throw new InputError(`${source}: line ${line + 1}: expected at most ${maxRecordBytes} bytes a line`);
    }
  }
  held += decoder.decode();
  if (held) yield { line: ++line, text: held };
}

function parseObject(text: string, place: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InputError(`${place}: not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InputError(`${place}: expected an object; got ${quoted(value)}`);
  }
  return value as Record<string, unknown>;
}

/**
 * Records of an NDJSON stream in its order: features and target side by side, `id` ignored, null and missing tokens absent.
 * Throws InputError with the source and line for a field outside the spec or a value of the wrong type.
 */
export async function* readNdjson(
  spec: DatasetSpec,
  chunks: AsyncIterable<Uint8Array>,
  source: string,
): AsyncGenerator<RawRow> {
  const numbers = numberColumns(spec);
  const booleans = new Set(spec.features.flatMap(({ as, name }) => (as === "boolean" ? [name] : [])));
  const readText = textReader(spec);
  const known = columnNames(spec);
  let row = 0;
  for await (const { line, text } of readLines(chunks, source)) {
    if (text.length > maxRecordBytes) {
      throw new InputError(`${source}: line ${line}: expected at most ${maxRecordBytes} bytes a line`);
    }
    if (text.trim() === "") continue;
    row++;
    const place = `${source}: line ${line} (row ${row})`;
    const values: Record<string, number | string> = {};
    for (const [name, value] of Object.entries(parseObject(text, place))) {
      if (name === "id" || value === null) continue;
      if (!known.includes(name)) {
        throw new InputError(`${place}: unknown ${quoted(name)}; expected ${known.join(", ")}`);
      }
      if (numbers.has(name)) {
        if (typeof value === "string" && isMissing(value)) continue;
        if (typeof value !== "number" || !Number.isFinite(value)) throw badNumber(place, name, value);
      } else {
        if (typeof value === "boolean" && booleans.has(name)) {
          values[name] = String(value);
          continue;
        }
        if (typeof value !== "string") {
          throw new InputError(`${place}: ${name}: expected text; got ${quoted(value)}`);
        }
        if (isMissing(value)) continue;
      }
      values[name] = typeof value === "string" ? readText(() => place, name, value.trim()) : value;
    }
    yield { row, values };
  }
  if (row === 0) throw new InputError(`${source}: empty; expected one JSON object a line`);
}
