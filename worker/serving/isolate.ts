// What one isolate of the Worker keeps between requests.
import { BodyBudget } from "../batches/held-body.ts";
import { RequestCounts } from "../http/request-counts.ts";
import { KeyRing } from "../identity/key-ring.ts";
import { SeenRequests } from "../identity/seen-requests.ts";
import { UserRing } from "../identity/user-ring.ts";
import { Outbox } from "../requests/outbox.ts";
import { Shadow } from "../shadow/shadow.ts";
import { Catalogue } from "./catalogue.ts";
import { Explainers } from "./explainers.ts";

export class Isolate {
  readonly catalogue = new Catalogue();
  readonly explainers = new Explainers();
  readonly outbox = new Outbox((env) => env.REQUEST_LOG);
  readonly shadow = new Shadow();
  readonly batches = new BodyBudget();
  readonly counts = new RequestCounts();
  readonly keys = new KeyRing();
  readonly users = new UserRing();
  readonly seen = new SeenRequests();
}
