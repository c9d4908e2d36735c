// A rule of the route table: which route, and what a caller needs for it.
import type { Scope } from "#core/api/scopes.ts";

export type Method = "GET" | "PUT" | "POST" | "PATCH" | "DELETE";

export interface Rule {
  readonly method: Method;
  /** As OpenAPI writes paths. */
  readonly path: string;
  /** "anyone" needs no token and reads none; "person" is a user or the admin token, whatever their scopes, and no key. */
  readonly need: Scope | "anyone" | "optional" | "person";
  /** Whether a public dataset needs no token here. */
  readonly public: boolean;
  /** Probes and descriptions are not logged. */
  readonly logged: boolean;
}
