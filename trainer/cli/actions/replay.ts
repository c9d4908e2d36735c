import type { PredictAnswer } from "../../client/answers.ts";
import { readLogged } from "../../client/ledger.ts";
import { connect } from "../connection.ts";
import type { ConnectionOptions } from "../connection-options.ts";
import { formatAmount } from "../money.ts";
import { printResult, tell } from "../output.ts";
import {
  checkLedger,
  findDifferences,
  type LedgerCheck,
  priceByModel,
  readPrediction,
} from "../replayed-prediction.ts";

interface ReplayOptions extends ConnectionOptions {
  readonly json?: boolean;
}

/** What is wrong with the ledger's answer; empty where it names the model of the log and the same digits. */
function faultsOf(check: LedgerCheck | null, model: string): string[] {
  if (!check) return [];
  if (check.model !== model)
    return [`at ${check.at} the ledger names ${check.model ?? "no model"}, not ${model}`];
  return check.differences.map((difference) => `at ${check.at}: ${difference}`);
}

function describe(answer: PredictAnswer, check: LedgerCheck | null): string {
  const { prediction, unit, interval, model } = answer;
  const band = interval ? ` (${interval.low} to ${interval.high})` : "";
  const told = `the same to the last digit: ${formatAmount(prediction, unit)} = ${prediction}${band} by ${model.id}`;
  if (!check) return `${told}, which the request named`;
  const spreading = check.isSpreading ? ", while a move was spreading" : "";
  return `${told}, live at ${check.at}${spreading}`;
}

export async function replay(id: string, options: ReplayOptions): Promise<void> {
  const client = connect(options);
  const logged = readPrediction(await readLogged(client.server, id));
  const { answer } = logged;
  const replayed = await priceByModel(client, logged);
  const ledger = await checkLedger(client, logged);
  const differences = [...findDifferences(answer, replayed), ...faultsOf(ledger, answer.model.id)];
  const same = differences.length === 0;
  const pick = ({ prediction, interval, model }: PredictAnswer) => ({
    prediction,
    interval,
    model: model.id,
  });
  const document = {
    ...{ request: id, dataset: logged.dataset, row: logged.row, same, differences, ledger },
    logged: pick(answer),
    replayed: pick(replayed),
  };
  if (same || options.json) printResult(options.json, document, () => describe(answer, ledger));
  if (same) return;
  for (const difference of differences) tell(difference);
  throw new Error(`${id} does not replay to the same digits`);
}
