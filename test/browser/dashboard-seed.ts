// A service with a past for the dashboard's pictures: a promotion, a rollback, a challenger, predictions, true prices.
import type { TestServer } from "./server.ts";

interface Row {
  readonly features: Readonly<Record<string, number | string>>;
  readonly target: number | null;
}

/** How long entries take to reach the log. */
const patienceMs = 20_000;

/** Lives through `dataset`, whose items are loaded and models published: `asked` predictions, every third with its true price. */
export async function seedPast(server: TestServer, dataset: string, asked: number): Promise<void> {
  const ask = async <T>(path: string, body?: object): Promise<T> => {
    const headers = { authorization: `Bearer ${server.token}`, "content-type": "application/json" };
    const options = body ? { method: "POST", headers, body: JSON.stringify(body) } : { headers };
    return (await fetch(`${server.origin}${path}`, options)).json() as Promise<T>;
  };
  const root = `/v1/${dataset}`;
  const { items: models } = await ask<{ items: { id: string; aliases: string[] }[] }>(`${root}/models`);
  const other = models.find(({ id, aliases }) => id.startsWith("linear-") && aliases.length === 0)!;
  const run = (...args: string[]) => server.appraise("models", ...args, "--dataset", dataset);
  await run("promote", other.id, "--reason", "Easier to explain to the buyers; a week on trial.");
  await run("rollback", "--reason", "Prices of small stones were too far off.");
  await run("promote", other.id, "--alias", "challenger", "--reason", "Priced in the shadow until spring.");
  const { items } = await ask<{ items: Row[] }>(`${root}/items?limit=${Math.min(200, asked)}`);
  const priced = [];
  for (const [at, { features, target }] of items.entries()) {
    const { id } = await ask<{ id: string }>(`${root}/predict`, features);
    if (at % 3 === 0 && target !== null) priced.push({ id, target });
    if (at % 25 === 0) await ask(`${root}/predict`, { ...features, carat: -1 });
  }
  const last = priced.at(-1)!;
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; ) {
    const { status } = await ask<{ status?: number }>(`/v1/requests/${last.id}`);
    if (status === 200) break;
    await new Promise((resume) => setTimeout(resume, 500));
  }
  for (const { id, target } of priced) await ask(`/v1/requests/${id}/outcome`, { target });
}
