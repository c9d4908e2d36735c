// Which server a command talks to: options first, then the environment.
import { InputError } from "#core/api/problem.ts";
import { Client } from "../client/client.ts";
import { credentialsPath } from "../client/credentials.ts";
import { parseServerUrl } from "../client/server-url.ts";
import { storedAccess } from "../client/stored-access.ts";
import type { ConnectionOptions } from "./connection-options.ts";

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
