// What went wrong, in the terms a visitor can act on: fix a field, try again, or neither.
import type { FieldError } from "#core/api/problem.ts";
import { ApiFault } from "../../sdk/api-fault.ts";

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

function kindOf(status: number): FailureKind {
  if (status === 0) return "network";
  if (status === 400 || status === 422) return "row";
  if (status === 404) return "missing";
  return status === 401 || status === 403 ? "refused" : "service";
}

/** Any thrown value as a Failure; a thing with `errors` by field (core's InputError, from another chunk) is about the row. */
export function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof ApiFault)
    return new Failure(kindOf(error.status), error.detail, error.errors, error.status || undefined);
  const { message, errors } = error as { message?: unknown; errors?: readonly FieldError[] };
  if (Array.isArray(errors)) return new Failure("row", String(message), errors);
  return new Failure("service", String(message ?? error));
}
