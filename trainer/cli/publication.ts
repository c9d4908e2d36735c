// Where a command leaves its models, a folder or a server, and who becomes champion: the part that train and import share.
import { mkdirSync } from "node:fs";
import { InputError } from "#core/api/problem.ts";
import type { Bundle } from "../bundle.ts";
import type { BundleOptions } from "../bundle-model.ts";
import type { Client } from "../client/client.ts";
import type { PreparedData } from "../prepare.ts";
import { findChampion, type Promotion } from "../publish/promotion.ts";
import { publish } from "../publish/publish.ts";
import { findCodeVersion } from "./code-version.ts";
import { connect } from "./connection.ts";
import type { ConnectionOptions } from "./connection-options.ts";
import { tell } from "./output.ts";
import type { PublicationOptions } from "./publication-options.ts";

/** The options' server for --source items. */
export function connectionOf({ publish, url, token }: PublicationOptions): ConnectionOptions {
  return { url: publish ?? url, token };
}

/** Checks the options before anything takes long, and makes the folder; the client is undefined where nothing is published. */
export function openPublication(options: PublicationOptions): Client | undefined {
  if (options.promote === "always" && !options.reason?.trim()) {
    throw new InputError("--promote always: expected --reason beside it, since it overrules the gate");
  }
  if (options.out !== undefined) {
    try {
      mkdirSync(options.out, { recursive: true });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new InputError(`--out: cannot make the folder ${options.out}: ${code}`);
    }
  }
  return options.publish === undefined ? undefined : connect(connectionOf(options));
}

/** What a bundle says of its making: code, machine, time, and the champion it is held against. */
export async function describeMaking(client: Client | undefined, data: PreparedData): Promise<BundleOptions> {
  const champion = client && (await findChampion(client, data));
  return {
    environment: {
      code: findCodeVersion(),
      node: process.versions.node,
      platform: `${process.platform}-${process.arch}`,
    },
    parent: champion?.state.model ?? null,
    opponent: champion?.opponent,
    now: () => new Date(),
  };
}

/** Publishes `models`, best first, and tells what became of the best one. `jobLease`: of the job that this is done for. */
export async function publishModels(
  client: Client,
  data: PreparedData,
  models: readonly [Bundle, ...Bundle[]],
  options: PublicationOptions,
  jobLease?: string,
): Promise<Promotion> {
  const promotion = await publish(client, data, models, {
    mode: options.promote,
    note: options.reason,
    jobLease,
    onPublished: (id) => tell(`published ${id}`),
  });
  const best = models[0].manifest.id;
  tell(
    promotion.promoted ? `${best} is now champion: ${promotion.reason}` : `not promoted: ${promotion.reason}`,
  );
  return promotion;
}
