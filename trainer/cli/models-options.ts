// Options that the commands about models share.
import type { Command } from "commander";
import { addConnectionOptions, type ConnectionOptions } from "./connection-options.ts";

export interface ModelsOptions extends ConnectionOptions {
  readonly dataset?: string;
  readonly json?: boolean;
}

export function addModelsOptions(command: Command): Command {
  return addConnectionOptions(
    command.option("--dataset <name>", "name of the dataset; may be left out where data/ holds only one"),
  ).option("--json", "print one JSON document on standard output");
}
