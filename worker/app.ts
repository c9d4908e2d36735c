// The Worker's application: middleware around the routes, and one mapper for every error.
import { OpenAPIHono } from "@hono/zod-openapi";
import type { App, AppEnv } from "./context.ts";
import type { Isolate } from "./isolate.ts";
import { authorize, track } from "./middleware.ts";
import { answerProblem } from "./problem.ts";
import { mountAliases } from "./routes/aliases.ts";
import { mountBatch } from "./routes/batch.ts";
import { mountDataset, mountDatasets } from "./routes/datasets.ts";
import { refuseParameters } from "./routes/description.ts";
import { mountExplanations } from "./routes/explain.ts";
import { mountHealth } from "./routes/health.ts";
import { mountInference } from "./routes/inference.ts";
import { mountInferenceServer } from "./routes/inference-server.ts";
import { mountItemExport } from "./routes/item-export.ts";
import { mountItemImport } from "./routes/item-import.ts";
import { mountItems } from "./routes/items.ts";
import { mountModelFiles } from "./routes/model-files.ts";
import { mountModels } from "./routes/models.ts";
import { mountOpenapi } from "./routes/openapi.ts";
import { mountPredictions } from "./routes/predictions.ts";
import { mountReplay } from "./routes/replay.ts";
import { mountRequests } from "./routes/requests.ts";
import { mountSimilar } from "./routes/similar.ts";
import { mountSnapshots } from "./routes/snapshots.ts";
import { mountSweep } from "./routes/sweep.ts";
import { mountTokens } from "./routes/tokens.ts";

/** Fixed paths come before {dataset} and {id}, which would take them for names. */
const mounts = [
  mountHealth,
  mountOpenapi,
  mountInferenceServer,
  mountInference,
  mountTokens,
  mountReplay,
  mountRequests,
  mountDatasets,
  mountPredictions,
  mountExplanations,
  mountBatch,
  mountSweep,
  mountSimilar,
  mountItemImport,
  mountItemExport,
  mountItems,
  mountModels,
  mountModelFiles,
  mountSnapshots,
  mountAliases,
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
