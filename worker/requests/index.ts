// What other nouns may use of requests.
export { hashClient } from "./client-hash.ts";
export { Outbox } from "./outbox.ts";
export { loggable } from "./redaction.ts";
export { newRequestId, timeOfId } from "./store/request-id.ts";
