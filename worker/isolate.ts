// What one isolate of the Worker keeps between requests.
import { BodyBudget } from "./batch/held-body.ts";
import { Catalogue } from "./catalogue.ts";
import { Explainers } from "./explainers.ts";
import { KeyRing } from "./identity/key-ring.ts";
import { SeenRequests } from "./identity/rate-limits.ts";
import { RequestCounts } from "./request-counts.ts";
import { Outbox } from "./request-log/outbox.ts";
import { Shadow } from "./shadow/shadow.ts";

export class Isolate {
  readonly catalogue = new Catalogue();
  readonly explainers = new Explainers();
  readonly outbox = new Outbox((env) => env.REQUEST_LOG);
  readonly shadow = new Shadow();
  readonly batches = new BodyBudget();
  readonly counts = new RequestCounts();
  readonly keys = new KeyRing();
  readonly seen = new SeenRequests();
}
