// appraise up: from a file to a live price in one command.
import type { Command } from "commander";
import { addAddressOptions } from "../address-options.ts";
import { addInitOptions } from "./init.ts";

const actions = () => import("../actions/up.ts");

export function addUpCommand(program: Command): void {
  const command = program
    .command("up")
    .description("init, train, publish and serve: from a file and a target to a live price");
  addAddressOptions(addInitOptions(command)).action(async (source: string, options) =>
    (await actions()).up(source, options),
  );
}
