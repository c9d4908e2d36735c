// Columns that a batch carries through to its answer, so that answers can be joined with what the sender has.
import { type FieldError, InputError, toPointer } from "#core/api/problem.ts";
import type { Column } from "#core/dataset/csv-rows.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { limits } from "../http/limits.ts";

export type CarriedValue = string | number | boolean | null;
export type Carried = Readonly<Record<string, CarriedValue>>;

/** Always carried where a row has them and the spec does not. */
const usual = ["id", "key"];

/** The columns of a CSV answer beside those that are carried. */
export const answerColumns = ["index", "prediction", "low", "high", "missing", "warnings", "errors"];

/** Names in ?keep=, a list with commas. Throws InputError for too many, and for those of the answer's own columns. */
export function parseKeep(text: string | undefined): readonly string[] {
  const names = [...new Set((text ?? "").split(",").map((name) => name.trim()))].filter(Boolean);
  const fault = (detail: string) => new InputError([{ pointer: "/keep", detail }]);
  if (names.length > limits.keptColumns) {
    throw fault(`expected at most ${limits.keptColumns} columns; got ${names.length}`);
  }
  const taken = names.find((name) => answerColumns.includes(name));
  if (taken !== undefined) throw fault(`"${taken}" is a column of the answer itself`);
  return names;
}

/** What a row may carry, in the order in which answers have it. */
export class CarriedColumns {
  readonly names: readonly string[];
  readonly #features: ReadonlySet<string>;
  /** Names that some row has carried so far. */
  readonly #seen = new Set<string>();

  private readonly keep: readonly string[];

  constructor(spec: DatasetSpec, keep: readonly string[] = []) {
    this.keep = keep;
    this.#features = new Set(spec.features.map(({ name }) => name));
    this.names = [...new Set([...usual.filter((name) => !this.#features.has(name)), ...keep])];
  }

  /** Those that are no features, as columns of a CSV; one that ?keep= names must be there. */
  columns(): Column[] {
    return this.names
      .filter((name) => !this.#features.has(name))
      .map((name) => ({
        name,
        required: this.keep.includes(name),
        read: (cell) => (cell === "" ? undefined : cell),
      }));
  }

  /** The names that rows have carried: the columns of a CSV answer. */
  get seen(): readonly string[] {
    return this.names.filter((name) => this.#seen.has(name));
  }

  /** Parts a row into what is priced and what is carried, or says why what it carries is too much. */
  part(value: unknown): { readonly value: unknown; readonly kept?: Carried; readonly errors?: FieldError[] } {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return { value };
    const given = value as Record<string, unknown>;
    const own = this.names.filter((name) => Object.hasOwn(given, name));
    if (own.length === 0) return { value };
    const errors = own.flatMap((name) => faultOf(name, given[name]));
    if (errors.length > 0) return { value, errors };
    for (const name of own) this.#seen.add(name);
    const rest = Object.entries(given).filter(([name]) => !own.includes(name) || this.#features.has(name));
    const kept = Object.fromEntries(own.map((name) => [name, given[name] as CarriedValue]));
    return { value: Object.fromEntries(rest), kept };
  }
}

function faultOf(name: string, value: unknown): FieldError[] {
  const isScalar = value === null || ["string", "number", "boolean"].includes(typeof value);
  const fits = typeof value !== "string" || value.length <= limits.keptCharacters;
  if (isScalar && fits) return [];
  const detail = `expected a text of at most ${limits.keptCharacters} characters, a number, true, false or null`;
  return [{ pointer: toPointer([name]), detail }];
}
