// Aliases, their moves, and the bodies that move them.
import * as z from "zod";
import { ModelId } from "../bundle/manifest.ts";

const Instant = z.iso.datetime();

/** Why something moves, in plain words, for the ledger. */
export const Reason = z.string().trim().min(1).max(1000);

/** The body that moves an alias. */
export const MoveAlias = z.strictObject({
  model: ModelId,
  reason: Reason,
  /** What was compared before the move, kept as it is. */
  gate: z.record(z.string(), z.unknown()).nullish(),
});

/** The body that takes an alias back to a former model. */
export const RollbackAlias = z.strictObject({
  reason: Reason,
  /** The revision whose model shall be live again; the one before the present model came, otherwise. */
  to: z.int().min(1).optional(),
});

/** Names of aliases; none may look like a model's id. */
export const AliasName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, "expected lower-case letters, digits and -, starting with a letter")
  .refine((name) => !ModelId.safeParse(name).success, "expected a name that does not look like a model's id");

export const Alias = z.object({
  alias: z.string(),
  model: z.string(),
  revision: z.int(),
  updatedAt: Instant,
});

export const AliasMove = z.object({
  revision: z.int(),
  kind: z.enum(["move", "rollback", "removal"]),
  /** Where it points from then on; null after a removal. */
  model: z.string().nullable(),
  previous: z.string().nullable(),
  /** Of a rollback: the revision whose model it brought back. */
  restores: z.int().nullable(),
  reason: z.string(),
  gate: z.unknown(),
  actor: z.string(),
  /** The request that moved it. */
  request: z.string(),
  time: Instant,
});
