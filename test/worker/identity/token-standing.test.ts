// Access tokens that end before their time: within ten seconds of what ended them, in every isolate.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { broken, resetStorage, Service } from "../service.ts";
import { askToken, logIn, makeKey, makeUser, password, refresh } from "./people.ts";

let here: Service;
/** Another isolate, which has seen the user before and learns of the change only from the database. */
let elsewhere: Service;
let token: string;
let renewal: string;

const list = (service: Service, bearer = token) => service.fetch("/v1/keys", { token: bearer });
const change = (json: object) =>
  here.fetch("/v1/users/ada", {
    method: "PATCH",
    token: "admin",
    json,
    headers: { "content-type": "application/json" },
  });

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  await resetStorage();
  [here, elsewhere] = [new Service(), new Service()];
  await makeUser(here, "ada", ["predict", "items:read"]);
  ({ access_token: token, refresh_token: renewal } = await logIn(here, "ada"));
  for (const service of [here, elsewhere]) expect((await list(service)).status).toBe(200);
});

afterEach(() => vi.useRealTimers());

async function expectEnd(detail: RegExp): Promise<void> {
  expect((await list(here)).status).toBe(401);
  vi.setSystemTime(Date.now() + 10_000);
  const answer = await list(elsewhere);
  expect(answer.status).toBe(401);
  expect((await answer.json<{ detail: string }>()).detail).toMatch(detail);
}

describe("an access token ends within ten seconds everywhere", () => {
  it("when its user is disabled", async () => {
    expect((await change({ disabled: true })).status).toBe(200);
    await expectEnd(/the user is disabled/);
  });

  it("when its user gets other scopes, and the next one has them", async () => {
    expect((await change({ scopes: ["predict"] })).status).toBe(200);
    await expectEnd(/log in again/);
    const renewed = await (await refresh(here, renewal)).json<{ access_token: string; scope: string }>();
    expect(renewed.scope).toBe("predict");
    expect((await list(elsewhere, renewed.access_token)).status).toBe(200);
  });

  it("when its user gets another password", async () => {
    const json = { currentPassword: password, password: "another horse battery" };
    const answer = await here.fetch("/v1/users/ada/password", { method: "PUT", token, json });
    expect(answer.status).toBe(204);
    await expectEnd(/log in again/);
  });

  it("when the key that it was issued for is revoked", async () => {
    const { id, key } = await makeKey(here, { scopes: ["items:read"] });
    const form = { grant_type: "client_credentials", client_id: id, client_secret: key };
    const answer = await askToken(here, form);
    const { access_token: own } = await answer.json<{ access_token: string }>();
    const ask = (service: Service) => service.fetch("/v1/diamonds/items", { token: own });
    expect((await ask(elsewhere)).status).toBe(404);
    expect((await here.fetch(`/v1/keys/${id}`, { method: "DELETE", token: "admin" })).status).toBe(200);
    vi.setSystemTime(Date.now() + 10_000);
    expect((await ask(elsewhere)).status).toBe(401);
  });
});

it("a database that does not answer ends no token", async () => {
  const cold = new Service({ DB: broken("no D1") });
  const answer = await cold.fetch("/v1/keys", { token });
  // The token is good; what it asks for needs the database.
  expect(answer.status).toBe(503);
});
