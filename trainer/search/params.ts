// Parameters given by hand: checked against a family, and fixed for all of its candidates and its search.
import { InputError, toPointer } from "#core/api/problem.ts";
import type { Params } from "#core/bundle/manifest.ts";
import { canonicalJson, type DatasetSpec } from "#core/dataset/spec.ts";
import type { Candidate, Family } from "../families/family.ts";

/** Completes and checks parameters; throws InputError naming each that the family does not accept. */
export function parseParams<P extends Params>(family: Family<P>, params: Params): P {
  const parsed = family.params.safeParse(params);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => ({
    pointer: toPointer(path),
    detail: message,
  }));
  throw new InputError(faults);
}

function checkNames(family: Family, spec: DatasetSpec, names: readonly string[]): void {
  const known = Object.keys(family.candidates(spec)[0].params);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const detail = `no parameter of ${family.name}; expected one of ${known.join(", ")}`;
  throw new InputError(unknown.map((name) => ({ pointer: toPointer([name]), detail })));
}

/** The family with this preset as its only candidate, where a search starts too; throws InputError naming those there are. */
export function choosePreset(family: Family, name: string): Family {
  const { presets = {} } = family;
  if (!Object.hasOwn(presets, name)) {
    const names = Object.keys(presets);
    const allowed =
      names.length > 0 ? `expected one of ${names.join(", ")}` : `the family ${family.name} has none`;
    throw new InputError(`preset: ${allowed}; got ${JSON.stringify(name)}`);
  }
  return { ...family, candidates: () => [presets[name]] };
}

/** The family with these parameters fixed: in every candidate (equal ones count once) and out of the search. */
export function fixParams(family: Family, spec: DatasetSpec, fixed: Params): Family {
  const given = Object.entries(fixed);
  if (given.length === 0) return family;
  checkNames(family, spec, Object.keys(fixed));
  const told = given.map(([name, value]) => `${name}=${value}`).join(", ");
  const candidates = (own: DatasetSpec, rows?: number) => {
    const seen = new Set<string>();
    return family.candidates(own, rows).flatMap(({ name, params }): Candidate<Params>[] => {
      const completed = parseParams(family, { ...params, ...fixed });
      const key = canonicalJson(completed);
      if (seen.has(key)) return [];
      seen.add(key);
      return [{ name: `${name}, but ${told}`.slice(0, 200), params: completed }];
    });
  };
  // Faults are told now, not when the rows are there.
  candidates(spec);
  const left = Object.entries(family.space ?? {}).filter(([name]) => !Object.hasOwn(fixed, name));
  return {
    ...family,
    candidates,
    space: left.length > 0 ? Object.fromEntries(left) : undefined,
  };
}
