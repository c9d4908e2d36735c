// The Worker's application: middleware around the routes, and one mapper for every error.
import { OpenAPIHono } from "@hono/zod-openapi";
import type { App, AppEnv } from "./context.ts";
import type { Isolate } from "./isolate.ts";
import { authorize, track } from "./middleware.ts";
import { answerProblem } from "./problem.ts";
import { mountAliasMoves } from "./routes/alias-moves.ts";
import { mountAliases } from "./routes/aliases.ts";
import { mountBatch } from "./routes/batch.ts";
import { mountBatchJobs } from "./routes/batch-jobs.ts";
import { mountCompare } from "./routes/compare.ts";
import { mountDataset, mountDatasets } from "./routes/datasets.ts";
import { refuseParameters } from "./routes/description.ts";
import { mountExplanations } from "./routes/explain.ts";
import { mountFiles } from "./routes/files.ts";
import { mountHealth } from "./routes/health.ts";
import { mountInference } from "./routes/inference.ts";
import { mountInferenceServer } from "./routes/inference-server.ts";
import { mountItemExport } from "./routes/item-export.ts";
import { mountItemImport } from "./routes/item-import.ts";
import { mountItemWrites } from "./routes/item-writes.ts";
import { mountItems } from "./routes/items.ts";
import { mountJobEvents } from "./routes/job-events.ts";
import { mountJobWork } from "./routes/job-work.ts";
import { mountJobs } from "./routes/jobs.ts";
import { mountKeys } from "./routes/keys.ts";
import { mountModelDeletions } from "./routes/model-deletions.ts";
import { mountModelFiles } from "./routes/model-files.ts";
import { mountModels } from "./routes/models.ts";
import { mountOpenapi } from "./routes/openapi.ts";
import { mountOutcomes } from "./routes/outcomes.ts";
import { mountPredictions } from "./routes/predictions.ts";
import { mountReplay } from "./routes/replay.ts";
import { mountRequests } from "./routes/requests.ts";
import { mountShadow } from "./routes/shadow.ts";
import { mountSimilar } from "./routes/similar.ts";
import { mountSnapshots } from "./routes/snapshots.ts";
import { mountSweep } from "./routes/sweep.ts";
import { mountTokens } from "./routes/tokens.ts";
import { mountTrain } from "./routes/train.ts";
import { mountUsers } from "./routes/users.ts";

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
