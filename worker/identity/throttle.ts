// Guessing passwords: counted by user and by client before anything is compared, whether or not it would be right.
import { Refusal } from "#core/api/refusal.ts";
import type { AppContext } from "../http/context.ts";
import { times } from "../http/limits.ts";
import { clientKey } from "./rate-limits.ts";
import { hashSecret } from "./secrets.ts";

function slowDown(): Refusal {
  const detail = `too many attempts; try again in ${times.loginWindowSeconds} seconds`;
  const members = { error: "slow_down", error_description: detail };
  const headers = { "retry-after": String(times.loginWindowSeconds) };
  return new Refusal("too-many-requests", detail, { headers, members });
}

async function count(counter: RateLimit | undefined, key: string): Promise<void> {
  if (!counter) throw new Refusal("unavailable", "no login limiter is bound: nobody can log in");
  let outcome: RateLimitOutcome;
  try {
    outcome = await counter.limit({ key });
  } catch (cause) {
    // Without a count there is no bound to guessing: wait rather than let everyone try.
    throw new Refusal("unavailable", "logins cannot be counted now; try again in a few seconds", { cause });
  }
  if (!outcome.success) throw slowDown();
}

/** Counts an attempt to get in. Throws a refusal (429) where the client, or anybody for this user, has tried too often. */
export async function throttleLogin(c: AppContext, user: string | undefined): Promise<void> {
  await count(c.env.LOGIN_CLIENT_LIMITER, await clientKey(c));
  // Hashed: a name may be as long as a form, and may be a password typed into the wrong field.
  if (user !== undefined) await count(c.env.LOGIN_USER_LIMITER, `user:${await hashSecret(user)}`);
}
