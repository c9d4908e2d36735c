// Preloaded into a command: writes the URL of every module it loads to the file that LOADED_MODULES names, one a line.
import { appendFileSync } from "node:fs";
import { registerHooks } from "node:module";

registerHooks({
  load(url, context, nextLoad) {
    if (!url.startsWith("node:")) appendFileSync(process.env.LOADED_MODULES, `${url}\n`);
    return nextLoad(url, context);
  },
});
