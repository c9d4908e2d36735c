// appraise replay: prices a logged row again and compares every digit with what was answered then.
import type { Command } from "commander";
import { addConnectionOptions } from "../connection-options.ts";

const actions = () => import("../actions/replay.ts");

export function addReplayCommand(program: Command): void {
  addConnectionOptions(
    program
      .command("replay")
      .description("price a logged request again, and compare every digit with what was answered then")
      .argument("<request id>", "X-Request-Id of a prediction, or the id in its answer"),
  )
    .option("--json", "print one JSON document on standard output")
    .action(async (id, options) => (await actions()).replay(id, options));
}
