// How the dashboard talks to the service of its own origin.
import type { Server } from "../../sdk/send.ts";

/** Nothing is sent twice by itself: a person is told at once, and tries again. Event streams end by the server's clock. */
export const service: Omit<Server, "access"> = {
  url: "",
  attempts: 1,
  timeoutMs: Number.POSITIVE_INFINITY,
  credentials: "omit",
};
