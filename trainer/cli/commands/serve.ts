// appraise serve: the whole service on this machine, with its state in the present folder.
import type { Command } from "commander";
import { parsePort } from "../numbers.ts";

const actions = () => import("../actions/serve.ts");

export interface AddressOptions {
  readonly port?: number;
  readonly host?: string;
}

export function addAddressOptions(command: Command): Command {
  return command
    .option("--port <n>", "where to listen; PORT or 8787 when left out", parsePort)
    .option("--host <address>", "on which address; HOST or 127.0.0.1 when left out");
}

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
