// A table as it was read: every cell a text, in the columns c0, c1, ... of the database's table raw.
import type { Source, SourceFormat } from "#core/dataset/source.ts";
import type { Database } from "./database.ts";

/** How a source is to be read: what a person or a spec has settled. */
export type Reading = Partial<Omit<Source, "path" | "licence" | "attribution">>;

export interface RaggedRecord {
  readonly line: number;
  readonly cells: number;
}

export interface LoadedTable {
  /** The columns' names as they stand; they may be empty or repeated. */
  readonly header: readonly string[];
  /** What was settled by looking: goes into the spec's source. */
  readonly found: Reading;
  readonly ragged?: { readonly count: number; readonly first: readonly RaggedRecord[] };
  /** What the reader wants said, one sentence each. */
  readonly remarks?: readonly string[];
}

/** Where the bytes of a source are: a file of this machine, plain or as it is packed. */
export interface LocalFile {
  readonly path: string;
  readonly bytes: number;
}

export interface Loader {
  /** Reads the file into the table raw. Throws InputError that names the source. */
  load(database: Database, file: LocalFile, reading: Reading, source: string): Promise<LoadedTable>;
}

export interface RawTable extends LoadedTable {
  readonly database: Database;
  readonly source: string;
  readonly format: SourceFormat;
  /** Names of the columns c0, c1, ...: unique, none empty. */
  readonly columns: readonly string[];
  readonly rows: number;
  close(): void;
}

/** The header's names made unique, and what was changed: an empty name tells its place, a repeated one its count. */
export function uniqueNames(header: readonly string[]): { names: string[]; remarks: string[] } {
  const used = new Set<string>();
  const remarks: string[] = [];
  const names = header.map((given, at) => {
    const base = given.trim() || `column_${at + 1}`;
    let name = base;
    for (let count = 2; used.has(name); count++) name = `${base}_${count}`;
    used.add(name);
    if (given.trim() === "") remarks.push(`column ${at + 1} has no name: it is called ${name}`);
    else if (name !== base)
      remarks.push(
        `column ${at + 1} repeats the name ${base.slice(0, 60)}: it is called ${name.slice(0, 60)}`,
      );
    return name;
  });
  return { names, remarks };
}
