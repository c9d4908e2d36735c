// Splits a LightGBM model file into its header, its trees and its trailing facts, within bounds.
import { InputError } from "#core/api/problem.ts";
import { ensembleLimits } from "#core/trees/check-ensemble.ts";

/** key=value lines of one section. */
export type Section = ReadonlyMap<string, string>;

export interface LightgbmText {
  readonly header: Section;
  readonly trees: readonly Section[];
  /** Level names of each category feature that was a pandas categorical, in column order; undefined where the file has none. */
  readonly pandasCategories?: readonly (readonly string[])[];
}

/** Throws InputError where the text is cut short or holds too many trees. */
export function splitLightgbmText(text: string): LightgbmText {
  const header = new Map<string, string>();
  const trees: Map<string, string>[] = [];
  let section = header;
  let ended = false;
  let inParameters = false;
  let pandasCategories: string[][] | undefined;
  for (const line of eachLine(text)) {
    if (ended) {
      if (line === "parameters:" || line === "end of parameters") inParameters = line === "parameters:";
      if (line.startsWith("pandas_categorical:")) pandasCategories = parsePandasCategories(line.slice(19));
      continue;
    }
    if (line === "end of trees") {
      ended = true;
      continue;
    }
    const equals = line.indexOf("=");
    if (equals < 0) {
      if (line.length > 0) section.set(line, "");
      continue;
    }
    const key = line.slice(0, equals);
    if (key === "Tree") {
      if (trees.length >= ensembleLimits.trees)
        throw new InputError(`more than ${ensembleLimits.trees} trees`);
      section = new Map();
      trees.push(section);
    }
    if (section.size > 200)
      throw new InputError(
        `more than 200 lines before ${trees.length === 0 ? "the first tree" : "the next tree"}`,
      );
    section.set(key, line.slice(equals + 1));
  }
  if (!ended) throw new InputError('the file is cut short: expected a line "end of trees"');
  // The level names come last: without them codes would be read by order, in silence.
  if (inParameters) throw new InputError('the file is cut short: expected a line "end of parameters"');
  return { header, trees, pandasCategories };
}

function* eachLine(text: string): Generator<string> {
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf("\n", start);
    const line = text.slice(start, end < 0 ? text.length : end);
    yield line.endsWith("\r") ? line.slice(0, -1) : line;
    if (end < 0) return;
    start = end + 1;
  }
}

function parsePandasCategories(json: string): string[][] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new InputError("pandas_categorical: not JSON");
  }
  if (value === null) return undefined;
  if (!Array.isArray(value) || !value.every(Array.isArray)) {
    throw new InputError("pandas_categorical: expected a list of levels a category feature");
  }
  return value.length === 0 ? undefined : value.map((levels: unknown[]) => levels.map(String));
}

/** Numbers of a space-separated line, exactly `length` of them. */
export function numbersOf(section: Section, key: string, length: number, what: string): Float64Array {
  const text = section.get(key);
  if (text === undefined) throw new InputError(`${what}: ${key} is missing`);
  // A shorter text cannot hold that many: refused before it is split.
  if (text.length < 2 * length - 1) throw new InputError(`${what}: expected ${length} numbers in ${key}`);
  const parts = text.split(" ");
  if (parts.length !== length)
    throw new InputError(`${what}: expected ${length} numbers in ${key}; got ${parts.length}`);
  return Float64Array.from(parts, (part) => {
    const value =
      part === "inf" ? Number.POSITIVE_INFINITY : part === "-inf" ? Number.NEGATIVE_INFINITY : Number(part);
    if (part === "" || Number.isNaN(value))
      throw new InputError(`${what}: expected numbers in ${key}; got ${JSON.stringify(part.slice(0, 40))}`);
    return value;
  });
}

/** A whole number of 0 or more. */
export function countOf(section: Section, key: string, what: string, fallback?: number): number {
  const text = section.get(key);
  if (text === undefined && fallback !== undefined) return fallback;
  if (text === undefined || !/^\d{1,10}$/.test(text)) {
    throw new InputError(
      `${what}: expected a whole number as ${key}; got ${JSON.stringify(text?.slice(0, 40) ?? null)}`,
    );
  }
  return Number(text);
}
