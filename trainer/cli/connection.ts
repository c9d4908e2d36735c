// Which server a command talks to: options first, then the environment.
import type { Command } from "commander";
import { InputError } from "#core/api/problem.ts";
import { Client } from "../client/client.ts";

export interface ConnectionOptions {
  readonly url?: string;
  readonly token?: string;
}

export function addConnectionOptions(command: Command): Command {
  return command
    .option("--url <url>", "the server; APPRAISE_URL when left out")
    .option("--token <token>", "its access token or API key; APPRAISE_TOKEN when left out");
}

/** Throws InputError where neither option nor environment names a server. */
export function connect(options: ConnectionOptions): Client {
  const url = options.url ?? process.env.APPRAISE_URL;
  if (!url) throw new InputError("no server named; give --url or set APPRAISE_URL");
  return new Client(url, (options.token ?? process.env.APPRAISE_TOKEN) || undefined);
}
