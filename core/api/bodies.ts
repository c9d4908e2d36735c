// What the API takes beside rows and specs, as schemas.
import * as z from "zod";
import { ModelId } from "../bundle/manifest.ts";

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

/** What a priced thing really cost. */
export const NewOutcome = z.strictObject({
  /** In the unit of the target. */
  target: z.number(),
});
