// Waiting for a server that is still starting.
import { setTimeout as wait } from "node:timers/promises";
import { ApiFault } from "../../sdk/api-fault.ts";

const everyMs = 100;

/** Resolves when the server answers /healthz. Throws ApiFault after `timeoutMs`; resolves early where `signal` says so. */
export async function untilHealthy(url: string, timeoutMs: number, signal?: AbortSignal): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline && !signal?.aborted) {
    const isHealthy = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2000) }).then(
      async (answer) => {
        await answer.body?.cancel();
        return answer.ok;
      },
      () => false,
    );
    if (isHealthy) return;
    await wait(everyMs);
  }
  if (!signal?.aborted)
    throw new ApiFault({
      request: "GET /healthz",
      status: 0,
      detail: `${url} was not ready within ${Math.round(timeoutMs / 1000)} s`,
    });
}
