// What a token may do.

export const scopes = [
  "predict",
  "items:read",
  "items:write",
  "models:read",
  "models:write",
  "models:promote",
  "jobs:write",
  "jobs:work",
  "requests:read",
  "admin",
] as const;

export type Scope = (typeof scopes)[number];

/** The scopes of an OAuth scope string (RFC 6749, 3.3); undefined where one of them is unknown. */
export function findScopes(text: string): Scope[] | undefined {
  const names = text.split(" ").filter((name) => name !== "");
  return names.every((name): name is Scope => (scopes as readonly string[]).includes(name))
    ? names
    : undefined;
}

/** The scopes in a JSON array of names; names that are no scopes any more are left out. */
export function knownScopes(json: string): Scope[] {
  const names = JSON.parse(json) as unknown[];
  return scopes.filter((scope) => names.includes(scope));
}
