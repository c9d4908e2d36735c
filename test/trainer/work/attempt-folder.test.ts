// What one attempt at a job leaves to the next, and when it is gone.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openAttempt, removeAttempts } from "../../../trainer/work/attempt-folder.ts";

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "appraise-attempts-"));
});
afterEach(() => rmSync(base, { recursive: true }));

const write = (folder: string, text: string) => writeFileSync(join(folder, "journal"), text);
const read = (folder: string) => readFileSync(join(folder, "journal"), "utf8");

describe("the folder of an attempt", () => {
  it("is empty at first, and the same one when the attempt is claimed again", () => {
    const first = openAttempt(base, "job", 1);
    expect(existsSync(join(first, "journal"))).toBe(false);
    write(first, "one trial");
    expect(read(openAttempt(base, "job", 1))).toBe("one trial");
  });

  it("starts with what the latest earlier attempt left, which a late write there no longer changes", () => {
    write(openAttempt(base, "job", 1), "one trial");
    write(openAttempt(base, "job", 2), "two trials");
    const third = openAttempt(base, "job", 10);
    write(openAttempt(base, "job", 2), "written late");
    expect(read(third)).toBe("two trials");
  });

  it("is not shared between jobs, and goes with its own job only", () => {
    write(openAttempt(base, "a", 1), "a");
    write(openAttempt(base, "b", 1), "b");
    removeAttempts(base, "a");
    expect(existsSync(join(openAttempt(base, "a", 2), "journal"))).toBe(false);
    expect(read(openAttempt(base, "b", 2))).toBe("b");
    removeAttempts(base, "never seen");
  });
});
