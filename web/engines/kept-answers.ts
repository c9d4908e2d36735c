// What the page keeps of the service's answers, in Cache Storage: the model and what belongs to it, so that it prices without a network.

const cacheName = "appraise-1";

export interface KeptAnswers {
  find(url: string): Promise<Response | undefined>;
  keep(url: string, answer: Response): Promise<void>;
  forget(url: string): Promise<void>;
  /** Lets go of everything under `prefix` but what begins with `spared`. */
  forgetBut(prefix: string, spared: string): Promise<void>;
}

/** Cache Storage, or undefined where there is none: no secure context, storage switched off, a sandboxed frame. */
async function openCache(): Promise<Cache | undefined> {
  try {
    return await globalThis.caches?.open(cacheName);
  } catch {
    return undefined;
  }
}

/** Nothing here may fail a price: what cannot be kept is fetched the next time. */
async function attempt<T>(work: (cache: Cache) => Promise<T>): Promise<T | undefined> {
  const cache = await openCache();
  return cache && work(cache).catch(() => undefined);
}

export const keptAnswers: KeptAnswers = {
  // Answers vary by Origin for CORS alone; a page has one origin.
  find: (url) => attempt(async (cache) => await cache.match(url, { ignoreVary: true })),
  keep: async (url, answer) => {
    await attempt((cache) => cache.put(url, answer));
  },
  forget: async (url) => {
    await attempt((cache) => cache.delete(url, { ignoreVary: true }));
  },
  forgetBut: async (prefix, spared) => {
    await attempt(async (cache) => {
      const others = (await cache.keys()).filter(
        ({ url }) => url.startsWith(prefix) && url !== spared && !url.startsWith(`${spared}/`),
      );
      await Promise.all(others.map((request) => cache.delete(request, { ignoreVary: true })));
    });
  },
};
