// appraise predict: the price of one row, asked of a server.
import type { Command } from "commander";
import { addConnectionOptions } from "../connection-options.ts";

const actions = () => import("../actions/predict.ts");

export function addPredictCommand(program: Command): void {
  addConnectionOptions(
    program
      .command("predict")
      .description("price one row")
      .argument("<row>", "the row as a JSON object, or - for standard input")
      .option("--dataset <name>", "name of the dataset; may be left out where data/ holds only one")
      .option("--model <id or alias>", "which model prices; the champion when left out")
      .option("--coverage <share>", "how often the interval should hold the true value, as 0.8"),
  )
    .option("--explain", "show what each feature does to the price")
    .option("--json", "print one JSON document on standard output")
    .action(async (row, options) => (await actions()).predict(row, options));
}
