import type { ApiKey } from "#core/api/identity.ts";
import { InputError } from "#core/api/problem.ts";
import type { Scope } from "#core/api/scopes.ts";
import { createKey, listKeys, revokeKey } from "../../client/identity.ts";
import { connect } from "../connection.ts";
import type { ConnectionOptions } from "../connection-options.ts";
import { printResult, tell } from "../output.ts";
import { layTable } from "../text-table.ts";

interface CreateOptions extends ConnectionOptions {
  readonly scope?: Scope[];
  readonly origin?: string[];
  readonly dataset?: string[];
  readonly expires?: string;
  readonly json?: boolean;
}

export async function create(name: string, options: CreateOptions): Promise<void> {
  const { origin: origins, dataset: datasets, scope, expires } = options;
  const made = await createKey(connect(options), {
    ...{ name, origins, datasets, scopes: scope },
    kind: origins ? "publishable" : "secret",
    expiresAt: expires,
  });
  if (!options.json) tell(`${made.id} (${made.kind}: ${made.scopes.join(" ")}). The key is shown this once:`);
  printResult(options.json, made, () => made.key);
}

const day = (instant: string | null) => instant?.slice(0, 16).replace("T", " ") ?? "";

function stateOf({ revokedAt, expiresAt }: ApiKey): string {
  if (revokedAt !== null) return "revoked";
  return expiresAt !== null && Date.parse(expiresAt) <= Date.now() ? "expired" : "live";
}

function layKeys(keys: readonly ApiKey[]): string {
  if (keys.length === 0) return "no keys yet";
  const titles = ["id", "name", "state", "scopes", "origins", "datasets", "owner", "last used", "expires"];
  const rows = keys.map((key) => [
    ...[key.id, key.name, stateOf(key), key.scopes.join(" "), key.origins?.join(" ") ?? ""],
    ...[key.datasets?.join(" ") ?? "all", key.owner, day(key.lastUsedAt), day(key.expiresAt)],
  ]);
  return layTable(
    titles.map((title) => ({ title, align: "left" })),
    rows,
  );
}

export async function list(options: CreateOptions): Promise<void> {
  const keys = await listKeys(connect(options));
  printResult(options.json, { keys }, () => layKeys(keys));
}

export async function revoke(id: string, options: CreateOptions): Promise<void> {
  // The id is its beginning: whoever has only the key at hand shall not have to put it in an argument twice.
  const named = /^((?:apk|pk)_[0-9a-f]{16})(?:_[\w-]+)?$/.exec(id)?.[1];
  if (!named) throw new InputError(`${id.slice(0, 30)}: expected a key's id, as in apk_0123456789abcdef`);
  const key = await revokeKey(connect(options), named);
  printResult(options.json, key, () => `${key.id} (${key.name}) is revoked`);
}
