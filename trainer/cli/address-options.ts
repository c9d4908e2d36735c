// Where a local server listens, as options.
import type { Command } from "commander";
import { parsePort } from "./numbers.ts";

export interface AddressOptions {
  readonly port?: number;
  readonly host?: string;
}

export function addAddressOptions(command: Command): Command {
  return command
    .option("--port <n>", "where to listen; PORT or 8787 when left out", parsePort)
    .option("--host <address>", "on which address; HOST or 127.0.0.1 when left out");
}
