// What one isolate of the Worker keeps between requests.
import { BodyBudget } from "./batch/held-body.ts";
import { Catalogue } from "./catalogue.ts";
import { Explainers } from "./explainers.ts";
import { RequestCounts } from "./request-counts.ts";
import { Outbox } from "./request-log/outbox.ts";

export class Isolate {
  readonly catalogue = new Catalogue();
  readonly explainers = new Explainers();
  readonly outbox = new Outbox();
  readonly batches = new BodyBudget();
  readonly counts = new RequestCounts();
}
