// Worker entry of the search tests: Hartmann-6 in a thread, with ways to fail that `shared` asks for.
import { serveTrials } from "../../../trainer/search/trial-worker.ts";
import { hartmann } from "./functions.ts";

export interface HartmannShared {
  readonly offset: Float64Array;
  readonly failing?: "setup" | "exit" | "odd";
  readonly delayMs?: number;
}

serveTrials<HartmannShared>((shared) => {
  if (shared.failing === "setup") throw new Error("no such table");
  return async ({ number, params }, report) => {
    if (shared.delayMs) await new Promise((resolve) => setTimeout(resolve, shared.delayMs));
    if (shared.failing === "exit" && number % 2 === 1) process.exit(3);
    if (shared.failing === "odd" && number % 2 === 1) throw new RangeError(`odd trial ${number}`);
    const value = hartmann(params) + shared.offset[0];
    for (let step = 3; step >= 0; step--) await report(value + step);
    return value;
  };
});
