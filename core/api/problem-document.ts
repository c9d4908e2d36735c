// The schema of an error answer: RFC 9457 problem details with one entry a fault.
import * as z from "zod";

/** Faults by JSON pointer, in answers that carry them beside other results. */
export const FieldErrors = z.array(z.object({ pointer: z.string(), detail: z.string() }));

export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  /** The request's id, under which it is logged. */
  instance: z.string(),
  errors: z.array(
    z.object({
      pointer: z.string(),
      detail: z.string(),
      /** The line of an imported file, from 1. */
      line: z.int().optional(),
    }),
  ),
  /** Under /v2 the whole in one line, for clients of the Open Inference Protocol; of a token's route the code of RFC 6749, 5.2. */
  error: z.string().optional(),
  /** Beside the code of RFC 6749. */
  error_description: z.string().optional(),
});

export type Problem = z.infer<typeof Problem>;
