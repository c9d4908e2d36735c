// The Worker's application: middleware around the routes, and one mapper for every error.
import { OpenAPIHono } from "@hono/zod-openapi";
import { mountAliases } from "./aliases/routes/aliases.ts";
import { mountAliasMoves } from "./aliases/routes/moves.ts";
import { mountBatch } from "./batches/routes/batch.ts";
import { mountFiles } from "./batches/routes/files.ts";
import { mountBatchJobs } from "./batches/routes/jobs.ts";
import { mountSimilar } from "./comparables/routes.ts";
import { mountDataset, mountDatasets } from "./datasets/routes/datasets.ts";
import { mountReports } from "./datasets/routes/reports.ts";
import { mountSnapshots } from "./datasets/routes/snapshots.ts";
import { mountExplanations } from "./explanations/routes.ts";
import { mountHealth } from "./health/routes.ts";
import type { App, AppEnv } from "./http/context.ts";
import { refuseParameters } from "./http/description.ts";
import { authorize, track } from "./http/middleware.ts";
import { mountOpenapi } from "./http/openapi.ts";
import { answerProblem } from "./http/problem.ts";
import { mountKeys } from "./identity/routes/keys.ts";
import { mountTokens } from "./identity/routes/tokens.ts";
import { mountUsers } from "./identity/routes/users.ts";
import { mountItemExport } from "./items/routes/export.ts";
import { mountItemImport } from "./items/routes/import.ts";
import { mountItems } from "./items/routes/items.ts";
import { mountItemWrites } from "./items/routes/writes.ts";
import { mountJobEvents } from "./jobs/routes/events.ts";
import { mountJobs } from "./jobs/routes/jobs.ts";
import { mountTrain } from "./jobs/routes/train.ts";
import { mountJobWork } from "./jobs/routes/work.ts";
import { mountCompare } from "./models/routes/compare.ts";
import { mountModelDeletions } from "./models/routes/deletions.ts";
import { mountModelFiles } from "./models/routes/files.ts";
import { mountModels } from "./models/routes/models.ts";
import { mountInference } from "./prices/routes/inference.ts";
import { mountInferenceServer } from "./prices/routes/inference-server.ts";
import { mountPredictions } from "./prices/routes/predictions.ts";
import { mountSweep } from "./prices/routes/sweep.ts";
import { mountOutcomes } from "./requests/routes/outcomes.ts";
import { mountReplay } from "./requests/routes/replay.ts";
import { mountRequests } from "./requests/routes/requests.ts";
import type { Isolate } from "./serving/isolate.ts";
import { mountShadow } from "./shadow/routes.ts";

/** Fixed paths come before {dataset} and {id}, which would take them for names. */
const mounts = [
  mountHealth,
  mountOpenapi,
  mountInferenceServer,
  mountInference,
  mountTokens,
  mountUsers,
  mountKeys,
  mountReplay,
  mountOutcomes,
  mountRequests,
  mountJobWork,
  mountJobEvents,
  mountJobs,
  mountFiles,
  mountDatasets,
  mountPredictions,
  mountExplanations,
  mountBatch,
  mountBatchJobs,
  mountTrain,
  mountSweep,
  mountSimilar,
  mountItemImport,
  mountItemExport,
  mountItems,
  mountItemWrites,
  mountModels,
  mountModelFiles,
  mountModelDeletions,
  mountSnapshots,
  mountReports,
  mountAliases,
  mountAliasMoves,
  mountCompare,
  mountShadow,
  mountDataset,
];

/** The application over what `isolate` remembers. */
export function createApp(isolate: Isolate): App {
  const app: App = new OpenAPIHono<AppEnv>({ defaultHook: refuseParameters });
  app.use(track(isolate));
  app.use(authorize);
  for (const mount of mounts) mount(app);
  app.onError((error, c) => answerProblem(c, error));
  return app;
}
