// Which server a command talks to: options first, then the environment.
import type { Command } from "commander";
import { InputError } from "#core/api/problem.ts";
import { storedAccess } from "../client/access.ts";
import { Client } from "../client/client.ts";
import { credentialsPath } from "../client/credentials.ts";
import { parseServerUrl } from "../client/request.ts";

export interface ConnectionOptions {
  readonly url?: string;
  readonly token?: string;
}

export function addConnectionOptions(command: Command): Command {
  return command
    .option("--url <url>", "the server; APPRAISE_URL when left out")
    .option("--token <token>", "its access token or API key; APPRAISE_TOKEN or the login when left out");
}

/** The server's URL. Throws InputError where neither option nor environment names one. */
export function serverUrl(options: ConnectionOptions): string {
  const url = options.url ?? process.env.APPRAISE_URL;
  if (!url) throw new InputError("no server named; give --url or set APPRAISE_URL");
  return parseServerUrl(url);
}

/** A client with the token of option or environment, or else with what `appraise login` has left. Throws InputError without a server. */
export function connect(options: ConnectionOptions): Client {
  const url = serverUrl(options);
  const token = (options.token ?? process.env.APPRAISE_TOKEN) || undefined;
  return new Client(url, token ?? storedAccess(url, credentialsPath()));
}
