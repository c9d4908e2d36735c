// Whether the service is ready.
import * as z from "zod";

export const Readiness = z.object({
  ready: z.boolean(),
  datasets: z.array(z.object({ name: z.string(), ready: z.boolean(), detail: z.string() })),
});

export type Readiness = z.infer<typeof Readiness>;
