// The in-page engines, each loaded once: switching there and back costs nothing.
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Client } from "../engines/client.ts";
import type { Engine, LoadRuntime, RuntimeName } from "../engines/engine.ts";
import { Failure, toFailure } from "../engines/failure.ts";

const runtimes: Readonly<Record<RuntimeName, () => Promise<LoadRuntime>>> = {
  onnxruntime: async () => (await import("../engines/onnxruntime.ts")).loadOnnxruntime,
  evaluator: async () => (await import("../engines/evaluator.ts")).loadEvaluator,
};

export interface BrowserModel {
  readonly client: Client;
  readonly spec: DatasetSpec;
  readonly modelId: string;
  readonly runtime: RuntimeName;
}

/** The code of the in-page engine and of one runtime; neither is fetched before a visitor asks for them. */
async function importEngine(runtime: RuntimeName) {
  // An unknown name in the attribute means the default, as with any HTML attribute of fixed values.
  const load = runtimes[runtime] ?? runtimes.evaluator;
  try {
    return await Promise.all([import("../engines/browser.ts"), load()]);
  } catch {
    throw new Failure("network", "the engine could not be fetched");
  }
}

export class BrowserEngines {
  /** Whether a model or a runtime is on its way. */
  loading = false;
  #engines = new Map<string, Promise<Engine>>();

  private readonly changed: () => void;

  constructor(changed: () => void) {
    this.changed = changed;
  }

  forget(): void {
    this.#engines.clear();
  }

  load(options: BrowserModel): Promise<Engine> {
    const key = `${options.runtime} ${options.modelId}`;
    const known = this.#engines.get(key);
    if (known) return known;
    const engine = this.#load(options);
    this.#engines.set(key, engine);
    // What failed is tried again the next time it is wanted.
    engine.catch(() => this.#engines.delete(key));
    return engine;
  }

  async #load({ client, spec, modelId, runtime }: BrowserModel): Promise<Engine> {
    this.loading = true;
    this.changed();
    try {
      const [{ loadBrowserEngine }, loadRuntime] = await importEngine(runtime);
      return await loadBrowserEngine({ client, spec, modelId, loadRuntime });
    } catch (error) {
      throw toFailure(error);
    } finally {
      this.loading = false;
      this.changed();
    }
  }
}
