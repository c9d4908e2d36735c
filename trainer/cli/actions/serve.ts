// appraise serve: starts the server, trains what has changed beside it, tells the first price, and keeps everything running until it is stopped.
import { InputError } from "#core/api/problem.ts";
import { untilHealthy } from "../../client/health.ts";
import { listOwnDatasets, loadDataset } from "../../dataset/find-dataset.ts";
import { describeServer, findPrice } from "../../serve/announcement.ts";
import {
  type Address,
  checkPort,
  isSetUp,
  migrate,
  originOf,
  superviseServer,
} from "../../serve/local-server.ts";
import { type OwnCommand, runOwn, type Session, superviseTrainer } from "../../serve/own-commands.ts";
import { openPlace } from "../../serve/place.ts";
import { ensureSecrets } from "../../serve/secrets.ts";
import { readSettings, type Settings } from "../../serve/settings.ts";
import type { AddressOptions } from "../address-options.ts";
import { tell } from "../output.ts";

export interface ServeOptions extends AddressOptions {
  readonly dataset: readonly string[];
}

/** Options come first, then the environment, then appraise.json. */
function addressOf(options: AddressOptions, settings: Settings): Address {
  const text = process.env.PORT || String(settings.port ?? 8787);
  const port = options.port ?? Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new InputError(
      `PORT: expected a whole number from 1 to 65535; got ${JSON.stringify(text.slice(0, 100))}`,
    );
  return { host: options.host ?? (process.env.HOST || settings.host || "127.0.0.1"), port };
}

/** Rejects when the process is told to stop, with the exit code. */
class Stop {
  readonly #controller = new AbortController();
  readonly signal = this.#controller.signal;
  code = 0;

  constructor() {
    for (const [name, code] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
      ["SIGHUP", 143],
    ] as const)
      process.on(name, () => this.now(code));
  }

  now(code: number): void {
    if (this.signal.aborted) return;
    this.code = code;
    this.#controller.abort();
  }

  readonly asked = new Promise<void>((resolve) => this.signal.addEventListener("abort", () => resolve()));
}

const notice = (line: string) => tell(`appraise: ${line}`);
const priceEveryMs = 250;
/** The rows are for comparables: the first price does not wait for them. */
const behindTraining = 10;

/** The dataset's rows and models, if need be: its first model is live before the others are trained. */
function prepare(session: Session, dataset: string, commands: Set<OwnCommand>) {
  const run = (argv: readonly string[], niceness = 0) => {
    const command = runOwn(session, argv, niceness);
    commands.add(command);
    void command.code.then(() => commands.delete(command));
    return command.code;
  };
  const { origin } = session;
  const publish = ["--publish", origin, "--publish-each", "--wait-for-server", "120s"];
  // A server without a database holds no models: the search need not wait to hear so.
  if (isSetUp(session.place)) publish.push("--if-changed");
  return {
    train: () => run(["train", "--dataset", dataset, ...publish]),
    load: () => run(["load", "--dataset", dataset], behindTraining),
    report: () => run(["report", "--dataset", dataset, "--publish"], behindTraining),
  };
}

/** Waits for the first price; throws where the training ends without one. */
async function firstPrice(
  session: Session,
  dataset: string,
  training: Promise<number>,
  stop: Stop,
): Promise<string> {
  let code: number | undefined;
  void training.then((given) => {
    code = given;
  });
  for (;;) {
    const priced = await findPrice(session, dataset);
    if (priced !== undefined) return priced;
    if (stop.signal.aborted) return "";
    if (code !== undefined) throw new Error(`training ${dataset} ended (exit ${code}) and no model answers`);
    await new Promise((resume) => setTimeout(resume, priceEveryMs));
  }
}

export async function serve(options: ServeOptions): Promise<never> {
  // Set by `npm start`, which may have installed and built before.
  const startMs = Number(process.env.APPRAISE_STARTED_MS) || Date.now();
  const place = openPlace(process.cwd());
  const settings = readSettings(place.home);
  const address = addressOf(options, settings);
  const datasets = options.dataset.length > 0 ? options.dataset : (settings.datasets ?? listOwnDatasets());
  const names = datasets.map((dataset) => loadDataset(dataset).spec.name);
  await checkPort(address);
  const session: Session = { place, origin: originOf(address), token: ensureSecrets(place.secrets) };
  const stop = new Stop();
  const commands = new Set<OwnCommand>();
  const supervisors: { stop(): Promise<void> }[] = [];
  let allWell = true;
  const tellEnd = (what: string, name: string, code: number) => {
    if (code === 0 || stop.signal.aborted) return;
    allWell = false;
    notice(`${what} ${name} ended (exit ${code}); the server goes on with what it has`);
  };
  const run = async () => {
    const [first, ...rest] = names.map((name) => prepare(session, name, commands));
    // Reading and cleaning the rows needs no server yet.
    const training = first?.train();
    await migrate(place, stop.signal);
    supervisors.push(superviseServer(place, address, names.length > 0 ? names.join(",") : undefined, notice));
    await untilHealthy(session.origin, 60_000, stop.signal);
    if (first && training) {
      void first.load().then(async (code) => {
        tellEnd("loading", names[0], code);
        if (!stop.signal.aborted) tellEnd("reporting", names[0], await first.report());
      });
      const priced = await firstPrice(session, names[0], training, stop);
      if (stop.signal.aborted) return;
      process.stdout.write(
        `${await describeServer(session, names[0], priced)}\n  Ctrl-C stops everything.\n`,
      );
    } else notice(`serving at ${session.origin}; no dataset under data/ yet`);
    supervisors.push(superviseTrainer(session, notice));
    notice(`ready in ${((Date.now() - startMs) / 1000).toFixed(1)} s`);
    if (training) tellEnd("training", names[0], await training);
    for (const [index, one] of rest.entries()) {
      if (stop.signal.aborted) return;
      tellEnd("loading", names[index + 1], await one.load());
      tellEnd("reporting", names[index + 1], await one.report());
      tellEnd("training", names[index + 1], await one.train());
    }
    if (names.length > 0 && allWell && !stop.signal.aborted) notice("every model is trained and published");
  };
  const end = async () => {
    for (const { child } of commands) child.kill("SIGKILL");
    await Promise.all(supervisors.map((supervisor) => supervisor.stop()));
  };
  try {
    await Promise.race([run().then(() => stop.asked), stop.asked]);
  } catch (error) {
    stop.now(1);
    throw error;
  } finally {
    await end();
  }
  process.exit(stop.code);
}
