// zod without its fifty languages and what the Worker never calls, a quarter of what it would weigh: wrangler.toml puts this in zod's place when it bundles.
// @hono/zod-openapi hands all of zod to a function, so that no bundler can see that nobody asks for the languages.

import * as z from "./zod-without-locales.js";

export * from "./node_modules/zod/v4/classic/external.js";
// A local name wins over one that "export *" brings.
export const locales = {};
// It holds the languages once more; only types of it are used here.
export const core = {};
// Schemas are only written as JSON Schema, never read from it; the compiler needs eval, which Workers refuse.
export const fromJSONSchema = undefined;
export const compile = undefined;
export const withParser = undefined;
export { z };
