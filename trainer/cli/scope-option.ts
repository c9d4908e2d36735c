// --scope: what a key or a user may do, again or with commas for several.
import { InputError } from "#core/api/problem.ts";
import { findScopes, type Scope, scopes } from "#core/api/scopes.ts";

export function collectScopes(text: string, before: readonly Scope[] = []): Scope[] {
  const found = findScopes(text.replaceAll(",", " "));
  if (found && found.length > 0) return [...new Set([...before, ...found])];
  const got = JSON.stringify(text.slice(0, 100));
  throw new InputError(`--scope: expected some of ${scopes.join(", ")}; got ${got}`);
}
