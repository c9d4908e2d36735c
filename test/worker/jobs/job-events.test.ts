// Events of jobs: told in order, followed while they come, and picked up where a reader lost them.
import { beforeEach, describe, expect, it } from "vitest";
import { boats, register } from "../models/bundles.ts";
import { env, resetStorage, Service } from "../service.ts";
import { jobCalls, parseEvents } from "./job-calls.ts";

let service: Service;

beforeEach(async () => {
  await resetStorage();
  service = new Service();
  await register(service, boats);
});

const { queue, read, claim, tell, follow } = jobCalls(() => service);

describe("events", () => {
  it("tell all of a job in order, and go on after the last one that was heard", async () => {
    const { id } = await queue();
    const job = await claim();
    await tell(job, "events", { lines: ["one", "two\nlines"] });
    const progress = { label: "fitting", done: 3, total: 10, note: "best MAE 7" };
    await tell(job, "events", { progress });
    expect((await read(id)).progress).toEqual(progress);
    await tell(job, "complete", { result: {} });
    const answer = await follow(id);
    expect(answer.headers.get("content-type")).toContain("text/event-stream");
    expect(answer.headers.get("cache-control")).toContain("no-cache");
    const told = parseEvents(await answer.text());
    expect(told.map((one) => [one.id, one.event])).toEqual([
      ["1", "state"],
      ["2", "state"],
      ["3", "log"],
      ["4", "log"],
      ["5", "progress"],
      ["6", "state"],
    ]);
    expect(told[3].data).toMatchObject({ line: "two\nlines" });
    expect(told[4].data).toMatchObject(progress);
    const rest = parseEvents(await (await follow(id, "4")).text());
    expect(rest).toEqual(told.slice(4));
    expect((await follow(id, "6")).status).toBe(204);
    for (const bad of ["-1", "x", "1.5", "9".repeat(20)]) expect((await follow(id, bad)).status).toBe(400);
    expect((await follow("nosuch")).status).toBe(404);
  });

  it("arrive while the job goes on", async () => {
    const { id } = await queue();
    const reader = (await follow(id)).body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    const until = async (word: string) => {
      while (!text.includes(word)) {
        const { done, value } = await reader.read();
        if (done) throw new Error(`no ${word} in ${text}`);
        text += value;
      }
    };
    await until("queued");
    const job = await claim();
    await until("running");
    await tell(job, "events", { lines: ["hello"] });
    await until("hello");
    await tell(job, "complete", { result: {} });
    await until("succeeded");
    expect((await reader.read()).done).toBe(true);
  });

  it("are bounded in number, the end of the job excepted", async () => {
    const { id } = await queue();
    const job = await claim();
    const lines = Array.from({ length: 100 }, (_, at) => `line ${at}`);
    await env.DB.prepare(
      "insert into job_events (job, sequence, time, type, data) values (?, 4990, 1, 'log', '{}')",
    )
      .bind(id)
      .run();
    for (let at = 0; at < 3; at++) expect((await tell(job, "events", { lines })).status).toBe(200);
    await tell(job, "complete", { result: {} });
    const row = await env.DB.prepare("select count(*) as n, max(sequence) as last from job_events").first<{
      n: number;
      last: number;
    }>();
    expect(row?.last).toBe(5091);
    expect(row?.n).toBe(2 + 1 + 100 + 1);
  });

  it.each([
    [{ lines: Array(101).fill("x") }],
    [{ lines: ["x".repeat(2001)] }],
    [{ lines: [7] }],
    [{ progress: { label: "x", done: -1, total: 1 } }],
    [{ progress: { label: "x", done: 1 } }],
    [{ state: "succeeded" }],
  ])("refuse %j", async (body) => {
    await queue();
    expect((await tell(await claim(), "events", body)).status).toBe(422);
  });
});
