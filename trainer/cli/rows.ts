// The rows a command works on: what --source names, or what the dataset's own spec names.
import { InputError } from "#core/api/problem.ts";
import type { Dataset } from "../dataset/find-dataset.ts";
import { readNdjson } from "../dataset/ndjson.ts";
import type { RawRow } from "../dataset/raw-row.ts";
import { formatOf, openSource, readRows, type SourceFormat } from "../dataset/source.ts";
import { connect } from "./connection.ts";
import type { ConnectionOptions } from "./connection-options.ts";

/**
 * Records of `source` (a path from the working directory, npm:package/file, a URL, - or items), or of the spec's own source.
 * The format is `format`, else what the name ends in, else the spec's. Throws InputError naming the source.
 */
export async function openRows(
  dataset: Dataset,
  source: string | undefined,
  format: SourceFormat | undefined,
  connection: ConnectionOptions,
): Promise<AsyncIterable<RawRow>> {
  const { spec } = dataset;
  if (source === "items") {
    const items = await connect(connection).exportItems(spec.name);
    return readNdjson(spec, items, "items");
  }
  if (source === "")
    throw new InputError("--source: expected a path, a URL, npm:<package>/<file>, - or items");
  const location = source ?? spec.source.path;
  const directory = source === undefined ? dataset.directory : process.cwd();
  const told = format ?? formatOf(location) ?? spec.source.format;
  return readRows(spec, told, await openSource(location, directory), location === "-" ? "stdin" : location);
}
