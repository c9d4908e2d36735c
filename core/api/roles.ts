// Roles: scopes that usually go together, so that nobody has to know each of them.
import { type Scope, scopes } from "./scopes.ts";

export const roles = {
  /** Everything. */
  admin: scopes,
  /** Everything but what only an admin may do. */
  editor: scopes.filter((scope) => scope !== "admin"),
  /** Prices and what can be read. */
  viewer: scopes.filter((scope) => scope === "predict" || scope.endsWith(":read")),
} as const satisfies Readonly<Record<string, readonly Scope[]>>;

export type Role = keyof typeof roles;
export const roleNames = Object.keys(roles) as Role[];
