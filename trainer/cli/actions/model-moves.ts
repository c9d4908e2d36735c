import { InputError } from "#core/api/problem.ts";
import { ApiFault } from "../../../sdk/api-fault.ts";
import type { ListedMove } from "../../client/answers.ts";
import { compareModels, listMoves, rollBack } from "../../client/ledger.ts";
import { tellGate } from "../comparison-report.ts";
import type { ModelsOptions } from "../models-options.ts";
import { findId, openDataset, requireAlias } from "../named-model.ts";
import { printResult, tell } from "../output.ts";
import { layTable } from "../text-table.ts";

interface AliasOptions extends ModelsOptions {
  readonly alias: string;
}

interface MoveOptions extends AliasOptions {
  readonly reason: string;
  readonly to?: number;
}

function requireReason({ reason }: MoveOptions): string {
  if (reason.trim()) return reason.trim();
  throw new InputError("--reason: expected why, in plain words, for the ledger");
}

const movedMeanwhile = (alias: string) =>
  new ApiFault({
    request: `moving ${alias}`,
    status: 412,
    detail: "someone else moved it meanwhile; look where it points and try again",
  });

export async function promote(idOrAlias: string, options: MoveOptions): Promise<void> {
  const reason = requireReason(options);
  const { client, dataset } = openDataset(options);
  const { alias } = options;
  const model = await findId(client, dataset, idOrAlias);
  const from = await client.findAlias(dataset, alias);
  if (from?.model === model) throw new InputError(`${model}: ${alias} points there already`);
  const comparison = from && (await compareModels(client.server, dataset, from.model, model));
  if (comparison) tell(tellGate(comparison));
  if (!(await client.moveAlias(dataset, alias, from, { model, reason }))) throw movedMeanwhile(alias);
  const document = { dataset, alias, model, previous: from?.model ?? null, gate: comparison?.gate ?? null };
  printResult(options.json, document, () => `${alias} now points to ${model}`);
}

export async function goBack(options: MoveOptions): Promise<void> {
  const reason = requireReason(options);
  const { client, dataset } = openDataset(options);
  const { alias, to } = options;
  const from = await requireAlias(client, dataset, alias);
  const moved = await rollBack(client.server, dataset, alias, from, { reason, to });
  if (!moved) throw movedMeanwhile(alias);
  const document = { dataset, previous: from.model, ...moved };
  printResult(
    options.json,
    document,
    () => `${alias} points to ${moved.model} again, instead of ${from.model}`,
  );
}

function layMoves(moves: readonly ListedMove[]): string {
  if (moves.length === 0) return "never moved";
  const columns = ["revision", "time", "what", "model", "who", "why"].map(
    (title) => ({ title, align: title === "revision" ? "right" : "left" }) as const,
  );
  const rows = moves.map(({ revision, time, kind, restores, model, actor, reason }) => [
    String(revision),
    time.slice(0, 19).replace("T", " "),
    restores === null ? kind : `${kind} to ${restores}`,
    model ?? "nowhere",
    actor,
    reason,
  ]);
  return layTable(columns, rows);
}

export async function history(options: AliasOptions): Promise<void> {
  const { client, dataset } = openDataset(options);
  const moves = await listMoves(client.server, dataset, options.alias);
  printResult(options.json, { dataset, alias: options.alias, moves }, () => layMoves(moves));
}
