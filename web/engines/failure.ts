// What went wrong, in the terms a visitor can act on: fix a field, try again, or neither.
import type { FieldError } from "#core/api/problem.ts";

export type FailureKind = "row" | "network" | "service" | "missing" | "refused";

/** An answer that is not the one asked for. `errors` name fields; `kind` says whether trying again can help. */
export class Failure extends Error {
  override readonly name = "Failure";

  readonly kind: FailureKind;
  readonly errors: readonly FieldError[];
  readonly status?: number;

  constructor(kind: FailureKind, message: string, errors: readonly FieldError[] = [], status?: number) {
    super(message);
    this.kind = kind;
    this.errors = errors;
    this.status = status;
  }
}

/** Any thrown value as a Failure; a thing with `errors` by field (core's InputError, from another chunk) is about the row. */
export function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const { message, errors } = error as { message?: unknown; errors?: readonly FieldError[] };
  if (Array.isArray(errors)) return new Failure("row", String(message), errors);
  return new Failure("service", String(message ?? error));
}
