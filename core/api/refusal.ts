// A request that is understood and refused: what the store and the routes throw, and one mapper turns into a status.
import type { FieldError } from "./problem.ts";

/** Why a request is refused, named as HTTP names it; the mapper knows the numbers. */
export type RefusalKind =
  | "malformed"
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "method-not-allowed"
  | "not-acceptable"
  | "conflict"
  | "precondition-failed"
  | "too-large"
  | "unsupported-media-type"
  | "precondition-required"
  | "too-many-requests"
  | "unavailable";

export interface RefusalOptions {
  readonly errors?: readonly FieldError[];
  /** Response headers that this refusal owes its reader: Allow, Retry-After, WWW-Authenticate. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Members beside those of RFC 9457, such as OAuth's "error". */
  readonly members?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** A request that cannot be served as asked. The message is the problem's detail: it is shown to the sender. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly kind: RefusalKind;
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;
  readonly members: Readonly<Record<string, string>>;

  constructor(kind: RefusalKind, detail: string, options: RefusalOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? {};
    this.members = options.members ?? {};
  }
}
