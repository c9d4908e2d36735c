// How many requests a client or a key may send: counted by the platform, told in the fields of draft-ietf-httpapi-ratelimit-headers.
import { Refusal } from "#core/api/refusal.ts";
import type { Env } from "../env.ts";
import type { AppContext } from "../http/context.ts";
import { limits, times } from "../http/limits.ts";
import { hashClient } from "../requests/index.ts";
import { withinTime } from "../storage/database.ts";
import type { Principal } from "./principal.ts";

/** A quota of requests in a window, as wrangler.toml states it twice: to the platform's counter, and here to tell it. */
interface Policy {
  readonly name: string;
  readonly quota: number;
  readonly windowSeconds: number;
  readonly counter: RateLimit;
}

/** "1000/10": 1000 requests in 10 seconds. Undefined where limits are off, or none is bound. */
function findPolicy(env: Env, name: string, setting: string | undefined, counter: RateLimit | undefined) {
  const [, quota, windowSeconds] = /^(\d{1,9})\/(10|60)$/.exec(setting?.trim() ?? "") ?? [];
  if (env.RATE_LIMITS === "off" || !counter || !quota) return undefined;
  return { name, quota: Number(quota), windowSeconds: Number(windowSeconds), counter } satisfies Policy;
}

const policyOf = (env: Env, { kind }: Principal): Policy | undefined =>
  kind === "anonymous" || kind === "publishable"
    ? findPolicy(env, "client", env.CLIENT_RATE, env.CLIENT_LIMITER)
    : findPolicy(env, "key", env.KEY_RATE, env.KEY_LIMITER);

/** An IPv6 client has 2^64 addresses to choose from: its network counts as one. */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const [left, right = []] = address
    .split("::")
    .map((half) => half.split(":").filter((group) => group !== ""));
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => "0");
  return [...left, ...(address.includes("::") ? zeros : []), ...right].slice(0, 4).join(":");
}

/** Networks of the addresses seen of late, as texts for the hash. */
const networks = new Map<string, string>();

function networkText(address: string): string {
  const seen = networks.get(address);
  if (seen) return seen;
  const text = `network:${networkOf(address)}`;
  if (networks.size >= limits.knownClients) networks.clear();
  networks.set(address, text);
  return text;
}

/** The client as the counters know it: a keyed hash of its network. */
export async function clientKey(c: AppContext): Promise<string> {
  const address = c.req.header("cf-connecting-ip");
  const hash = hashClient(c.env, address && networkText(address));
  return `client:${(hash instanceof Promise ? await hash : hash) ?? "unknown"}`;
}

const policyField = ({ name, quota, windowSeconds }: Policy) => `"${name}";q=${quota};w=${windowSeconds}`;

/** The refusal of one request too many. The platform does not tell when its window ends: after a whole one there is surely room. */
function tooMany(policy: Policy): Refusal {
  const { name, quota, windowSeconds } = policy;
  const detail = `more than ${quota} requests in ${windowSeconds} seconds; try again in ${windowSeconds} seconds`;
  return new Refusal("too-many-requests", detail, {
    headers: {
      "retry-after": String(windowSeconds),
      "ratelimit-policy": policyField(policy),
      ratelimit: `"${name}";r=0;t=${windowSeconds}`,
    },
  });
}

/**
 * The first share of a quota is let through on this isolate's own count: whoever asks now and then waits for nobody. Every isolate of a
 * location may let so much more pass, and none ever more than the quota.
 */
const uncountedShare = 0.1;

async function isWithin({ counter }: Policy, key: string): Promise<boolean> {
  try {
    return (await withinTime(counter.limit({ key }), times.limiterPatienceMs)).success;
  } catch (error) {
    // A counter that fails must not take the service with it.
    console.error("the rate limit is not counted", error);
    return true;
  }
}

/** Counts a request against its key or client, and says in the answer's fields what the limit is. Throws a refusal (429) beyond it. */
export async function limitRate(c: AppContext, principal: Principal): Promise<void> {
  const policy = policyOf(c.env, principal);
  if (!policy) return;
  const { kind, subject } = principal;
  const isKeyed = kind !== "anonymous" && kind !== "publishable";
  // A publishable key is everybody's who sees the page: one visitor must not use up the others' share.
  const key = isKeyed ? `key:${subject}` : `${subject}:${await clientKey(c)}`;
  const window = Math.floor(Date.now() / 1000 / policy.windowSeconds);
  const seen = c.get("isolate").seen.add(key, window);
  // Beyond the quota nobody need be asked: who floods us costs a look into a map.
  if (seen > policy.quota) throw tooMany(policy);
  const isCounted = seen > policy.quota * uncountedShare;
  if (isCounted && !(await isWithin(policy, key))) throw tooMany(policy);
  c.set("quotaFields", {
    "ratelimit-policy": policyField(policy),
    // At most so many: other isolates may have counted more.
    ratelimit: `"${policy.name}";r=${Math.max(0, policy.quota - seen)}`,
  });
}

/** Counts what costs a query although nobody is known to send it: a key that is not at hand, a token that is wrong. */
export async function countMiss(c: AppContext): Promise<void> {
  const policy = findPolicy(c.env, "client", c.env.CLIENT_RATE, c.env.CLIENT_LIMITER);
  if (policy && !(await isWithin(policy, `miss:${await clientKey(c)}`))) throw tooMany(policy);
}
