// appraise keys: API keys for programs, publishable ones for pages.
import type { Command } from "commander";
import { InputError } from "#core/api/problem.ts";
import { addConnectionOptions } from "../connection-options.ts";
import { collectScopes } from "../scope-option.ts";

const actions = () => import("../actions/keys.ts");

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
    .action(async (name, options) => (await actions()).create(name, options));
  addConnectionOptions(keys.command("list").description("your keys; everybody's for an admin"))
    .option("--json", json)
    .action(async (options) => (await actions()).list(options));
  addConnectionOptions(
    keys
      .command("revoke")
      .description("end a key; it is refused everywhere within ten seconds")
      .argument("<id>", "the key's id"),
  )
    .option("--json", json)
    .action(async (id, options) => (await actions()).revoke(id, options));
}
