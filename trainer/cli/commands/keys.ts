// appraise keys: API keys for programs, publishable ones for pages.
import type { Command } from "commander";
import type { ApiKey } from "#core/api/identity.ts";
import { InputError } from "#core/api/problem.ts";
import type { Scope } from "#core/api/scopes.ts";
import { createKey, listKeys, revokeKey } from "../../client/identity.ts";
import { addConnectionOptions, type ConnectionOptions, connect } from "../connection.ts";
import { printResult, tell } from "../output.ts";
import { collectScopes } from "../scope-option.ts";
import { layTable } from "../text-table.ts";

interface CreateOptions extends ConnectionOptions {
  readonly scope?: Scope[];
  readonly origin?: string[];
  readonly dataset?: string[];
  readonly expires?: string;
  readonly json?: boolean;
}

const collect = (text: string, before: readonly string[] = []) => [...before, text];

const expiryUnitsMs: Readonly<Record<string, number>> = { h: 3_600_000, d: 24 * 3_600_000 };

/** A moment, or a duration from now such as 12h or 90d, as a moment. Throws InputError for neither. */
function parseExpiry(text: string): string {
  const [, amount, unit] = /^(\d{1,5})([hd])$/.exec(text) ?? [];
  const moment = amount === undefined ? Date.parse(text) : Date.now() + Number(amount) * expiryUnitsMs[unit];
  const isMoment = amount !== undefined || /^\d{4}-\d{2}-\d{2}/.test(text);
  if (isMoment && Number.isFinite(moment)) return new Date(moment).toISOString();
  const got = JSON.stringify(text.slice(0, 60));
  throw new InputError(`--expires: expected a day as 2027-01-31 or a duration as 12h or 90d; got ${got}`);
}

async function create(name: string, options: CreateOptions): Promise<void> {
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

async function list(options: CreateOptions): Promise<void> {
  const keys = await listKeys(connect(options));
  printResult(options.json, { keys }, () => layKeys(keys));
}

async function revoke(id: string, options: CreateOptions): Promise<void> {
  // The id is its beginning: whoever has only the key at hand shall not have to put it in an argument twice.
  const named = /^((?:apk|pk)_[0-9a-f]{16})(?:_[\w-]+)?$/.exec(id)?.[1];
  if (!named) throw new InputError(`${id.slice(0, 30)}: expected a key's id, as in apk_0123456789abcdef`);
  const key = await revokeKey(connect(options), named);
  printResult(options.json, key, () => `${key.id} (${key.name}) is revoked`);
}

export function addKeysCommand(program: Command): void {
  const keys = program.command("keys").description("make, list and revoke API keys");
  const json = "print one JSON document on standard output";
  addConnectionOptions(
    keys
      .command("create")
      .description("make a key and print it; with --origin a publishable one, for the widget on those pages")
      .argument("<name>", "what it is for; two live keys may share a name, so that one can follow the other")
      .option(
        "--scope <scopes>",
        "what it may do; predict when left out; again or with commas for several",
        collectScopes,
      )
      .option("--origin <origin>", "a page it works on, as https://shop.example; again for several", collect)
      .option("--dataset <name>", "a dataset it is for; all when left out; again for several", collect)
      .option("--expires <when>", "a day as 2027-01-31, or a duration as 12h or 90d", parseExpiry),
  )
    .option("--json", json)
    .action(create);
  addConnectionOptions(keys.command("list").description("your keys; everybody's for an admin"))
    .option("--json", json)
    .action(list);
  addConnectionOptions(
    keys
      .command("revoke")
      .description("end a key; it is refused everywhere within ten seconds")
      .argument("<id>", "the key's id"),
  )
    .option("--json", json)
    .action(revoke);
}
