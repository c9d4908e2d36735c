// What the API takes beside rows and specs, as schemas.
import * as z from "zod";
import { ModelId } from "../bundle/manifest.ts";

/** The body that moves an alias. */
export const MoveAlias = z.strictObject({
  model: ModelId,
  /** Why it moves, in plain words, for the ledger. */
  reason: z.string().trim().min(1).max(1000),
  /** What was compared before the move, kept as it is. */
  gate: z.record(z.string(), z.unknown()).nullish(),
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
