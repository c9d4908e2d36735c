// zod without its fifty languages, a quarter of what the Worker would weigh: wrangler.toml puts this in zod's place when it bundles.
// @hono/zod-openapi hands all of zod to a function, so that no bundler can see that nobody asks for the languages.

import * as z from "./zod-without-locales.js";

export * from "./node_modules/zod/v4/classic/external.js";
// A local name wins over one that "export *" brings.
export const locales = {};
// It holds the languages once more; only types of it are used here.
export const core = {};
export { z };
