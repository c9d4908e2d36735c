// The rows a command works on: what --source names, or what the dataset's own spec names.
import { InputError } from "#core/api/problem.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Dataset } from "../dataset/find-dataset.ts";
import { readNdjson } from "../dataset/ndjson.ts";
import type { RawRow } from "../dataset/raw-row.ts";
import { formatOf, openSource, readRows, type SourceFormat } from "../dataset/source.ts";
import { readTableRows } from "../tables/reading/table-rows.ts";
import { connect } from "./connection.ts";
import type { ConnectionOptions } from "./connection-options.ts";

const streamable = (format: DatasetSpec["source"]["format"]): SourceFormat | undefined =>
  format === "csv" || format === "ndjson" ? format : undefined;

/** Whether a file of this format needs nothing but its names: nothing about its text or its headers was settled. */
function isPlain(
  { source, features, target }: DatasetSpec,
  format: SourceFormat | undefined,
): format is SourceFormat {
  const { format: _format, path: _path, licence: _licence, attribution: _attribution, ...settled } = source;
  const hasOtherNames = target.column !== undefined || features.some(({ column }) => column !== undefined);
  return format !== undefined && Object.keys(settled).length === 0 && !hasOtherNames;
}

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
  const told = format ?? formatOf(location) ?? streamable(spec.source.format);
  // A plain file with the spec's own names streams; any other table is read as the spec's source says.
  if (!isPlain(spec, told)) return readTableRows(spec, location, directory);
  return readRows(spec, told, await openSource(location, directory), location === "-" ? "stdin" : location);
}
