// appraise serve: the whole service on this machine, with its state in the present folder.
import type { Command } from "commander";
import { addAddressOptions } from "../address-options.ts";

const actions = () => import("../actions/serve.ts");

export function addServeCommand(program: Command): void {
  addAddressOptions(
    program
      .command("serve")
      .description(
        "serve the API, pages and docs from this machine, with a trainer for jobs; state lies in the present folder",
      )
      .option(
        "--dataset <name>",
        "load, train and publish it unless nothing changed; may be repeated; all under data/ when left out",
        (name: string, before: readonly string[]) => [...before, name],
        [] as readonly string[],
      ),
  ).action(async (options) => (await actions()).serve(options));
}
