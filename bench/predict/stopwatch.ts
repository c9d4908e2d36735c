// How long something takes: medians of many short runs, so that a neighbour on the machine moves them little.

const rounds = 15;
const roundMs = 60;

/** Median microseconds of one call of `run`, which is told how many calls went before, after warming up. */
export async function medianMicroseconds(run: (call: number) => unknown): Promise<number> {
  let next = 0;
  const timed = async (calls: number): Promise<number> => {
    const start = performance.now();
    for (let i = 0; i < calls; i++) {
      const pending = run(next++);
      if (pending instanceof Promise) await pending;
    }
    return (performance.now() - start) * 1000;
  };
  let calls = 1;
  while ((await timed(calls)) < roundMs * 1000) calls *= 2;
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push((await timed(calls)) / calls);
  times.sort((a, b) => a - b);
  return times[rounds >> 1];
}
