// What travels with a request through middleware and routes.
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Env } from "../env.ts";
import type { Principal } from "../identity/principal.ts";
import type { Rule } from "../identity/rule.ts";
import type { Isolate } from "../serving/isolate.ts";

/** What a route tells the log beside what the middleware sees by itself. */
export interface LogNotes {
  requestBody: string | null;
  /** An answer as the log keeps it, or its beginning where it streams: the log then leaves the answer itself alone. */
  answerHead: string | null;
  modelId: string | null;
}

export interface AppEnv {
  Bindings: Env;
  Variables: {
    readonly requestId: string;
    readonly isolate: Isolate;
    readonly notes: LogNotes;
    /** Absent where the path is nobody's. */
    readonly rule: Rule | undefined;
    /** The {dataset} of the path. */
    readonly dataset: string | undefined;
    readonly principal: Principal;
    /** Whether a publishable key came from a page that it is not for. */
    readonly foreignOrigin: boolean;
    /** What the answer says of the rate limit. */
    readonly quotaFields: Readonly<Record<string, string>>;
  };
}

export type AppContext = Context<AppEnv>;
export type App = OpenAPIHono<AppEnv>;
