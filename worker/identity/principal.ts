// Who sends a request and what they may do.
import type { Scope } from "#core/api/scopes.ts";

/** Who asks, and what they may do. */
export interface Principal {
  /** Who stands in the ledger and the log: "anonymous", "admin", the name of a user or the id of a key; fit for a path. */
  readonly subject: string;
  readonly kind: "anonymous" | "admin" | "user" | "key" | "publishable";
  readonly scopes: readonly Scope[];
  readonly may: (scope: Scope) => boolean;
  /** Pages that a publishable key is for. */
  readonly origins?: readonly string[];
  /** Datasets that it may see and change; all where there is no such list. */
  readonly datasets?: readonly string[];
}
