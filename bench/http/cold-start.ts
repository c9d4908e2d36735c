// A service that has just been started: how long until its first price, and how long that one answer takes.
import { quantile, runLoad } from "./load.ts";
import { ageOf } from "./process-tree.ts";
import { isListening, launch, type Service } from "./services.ts";

export interface Cold {
  /** From the start of the serving process to its first price. */
  readonly startMs: number;
  /** The first request alone, and the one after it. */
  readonly firstMs: number;
  readonly secondMs: number;
  /** The first request of an isolate whose process and storage are warm; NaN where the service knows no such thing. */
  readonly isolateMs: number;
}

/** Medians over `times` starts. */
export async function measureCold(service: Service, request: Buffer, times: number): Promise<Cold> {
  const all: Cold[] = [];
  for (let time = 0; time < times; time++) {
    const running = launch(service);
    try {
      while (!(await isListening(service.port))) {
        if (running.isGone()) throw new Error(`${service.name} does not start`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      const one = (port: number) => runLoad({ port, connections: 1, answers: 1, requests: [request] });
      const first = await one(service.port);
      if (first.refused > 0) throw new Error(`${service.name}: the first answer was not 200`);
      const startMs = ageOf(running.pid, service.server) * 1000;
      const second = await one(service.port);
      const isolate = service.coldPort === undefined ? undefined : await one(service.coldPort);
      all.push({
        startMs,
        firstMs: quantile(first, 0.5),
        secondMs: quantile(second, 0.5),
        isolateMs: isolate ? quantile(isolate, 0.5) : Number.NaN,
      });
    } finally {
      await running.stop();
    }
  }
  const middle = (pick: (cold: Cold) => number) => all.map(pick).sort((a, b) => a - b)[all.length >> 1];
  return {
    startMs: middle(({ startMs }) => startMs),
    firstMs: middle(({ firstMs }) => firstMs),
    secondMs: middle(({ secondMs }) => secondMs),
    isolateMs: middle(({ isolateMs }) => isolateMs),
  };
}
