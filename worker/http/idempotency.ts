// Idempotency-Key: a request that is repeated under the same key is done once, and every repetition gets the first answer.
import { InputError } from "#core/api/problem.ts";
import { Refusal } from "#core/api/refusal.ts";
import { hexOf } from "../storage/content.ts";
import { readChunks } from "./body.ts";
import type { AppContext } from "./context.ts";
import { times } from "./limits.ts";
import {
  type Answer,
  claimKey,
  type HeldKey,
  type KeptAnswer,
  keepAnswer,
  releaseKey,
} from "./store/idempotency.ts";

const header = "idempotency-key";
const keyPattern = /^[\x21-\x7e]{1,255}$/;

function findKey(c: AppContext): string | undefined {
  const key = c.req.header(header);
  if (key === undefined || keyPattern.test(key)) return key;
  const detail = "expected 1 to 255 visible ASCII characters";
  throw new Refusal("malformed", `the Idempotency-Key is wrong: ${detail}`, {
    errors: [{ pointer: "/Idempotency-Key", detail }],
  });
}

/** A body that is hashed while it is read, together with what else makes two requests the same. */
export class HashedBody {
  readonly #digest = new crypto.DigestStream("SHA-256");
  readonly #writer = this.#digest.getWriter();
  readonly #chunks: AsyncGenerator<Uint8Array>;
  #sum: Promise<string> | undefined;

  private readonly c: AppContext;

  /** At most `limit` bytes are read. */
  constructor(c: AppContext, limit: number) {
    this.c = c;
    this.#chunks = readChunks(c, limit);
    // A body that is never read to its end leaves its digest open, which is no failure of anyone's.
    this.#digest.digest.catch(() => undefined);
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.#chunks) {
      await this.#writer.write(chunk);
      yield chunk;
    }
  }

  /** SHA-256 of the body, whatever is left of it read first, and of method, path, query and type. */
  sum(): Promise<string> {
    this.#sum ??= this.#finish();
    return this.#sum;
  }

  async #finish(): Promise<string> {
    for await (const chunk of this.#chunks) await this.#writer.write(chunk);
    const { method, url } = this.c.req;
    const { pathname, search } = new URL(url);
    const type = this.c.req.header("content-type") ?? "";
    await this.#writer.write(new TextEncoder().encode(`\n${method} ${pathname}${search} ${type}`));
    await this.#writer.close();
    return hexOf(await this.#digest.digest);
  }
}

/** What a request under a key tells the store, so that its answer is kept in the transaction of its effect. */
export class Once {
  isKept = false;

  private readonly held: HeldKey;
  private readonly body: HashedBody;

  constructor(held: HeldKey, body: HashedBody) {
    this.held = held;
    this.body = body;
  }

  /** The answer as it is kept; the whole body must have been read. */
  async seal(): Promise<(answer: Answer) => KeptAnswer> {
    const bodySha256 = await this.body.sum();
    const expiresAt = Date.now() + times.idempotencyKeepMs;
    return (answer) => {
      this.isKept = true;
      return { ...this.held, ...answer, bodySha256, expiresAt };
    };
  }
}

function respond(c: AppContext, { status, headers, body }: Answer): Response {
  return c.body(body, status as 200, { "content-type": "application/json", ...headers });
}

/** What is done is done: that its answer is not kept shall not look as if it had failed. */
async function keep(c: AppContext, kept: KeptAnswer): Promise<void> {
  await keepAnswer(c.env, kept).catch((error) =>
    console.error("the answer of an Idempotency-Key is lost", error),
  );
}

/**
 * The answer of `work`, or the one that the same request under the same key got before. Failures are not kept: a request that
 * was refused may be corrected and sent again. Throws 409 while the first one runs and 422 where the key came with another request.
 */
export async function answerOnce(
  c: AppContext,
  body: HashedBody,
  work: (once: Once | undefined) => Promise<Answer>,
): Promise<Response> {
  const key = findKey(c);
  if (key === undefined) return respond(c, await work(undefined));
  const held = { actor: c.var.principal.subject, key, request: c.var.requestId };
  const now = Date.now();
  const claim = await claimKey(c.env, held, now, now + times.idempotencyRunMs);
  if (claim.state === "running") {
    const headers = { "retry-after": String(times.retryAfterSeconds) };
    throw new Refusal("conflict", "a request with this Idempotency-Key is still running", { headers });
  }
  if (claim.state === "answered") {
    if ((await body.sum()) === claim.bodySha256) {
      c.header("idempotency-replayed", "true");
      return respond(c, claim);
    }
    const detail =
      "expected the request that this key was first sent with; another request needs another key";
    throw new InputError([{ pointer: "/Idempotency-Key", detail }]);
  }
  const once = new Once(held, body);
  try {
    const answer = await work(once);
    if (!once.isKept) await keep(c, (await once.seal())(answer));
    return respond(c, answer);
  } catch (error) {
    await releaseKey(c.env, held).catch((failure) => console.error("an Idempotency-Key stays held", failure));
    throw error;
  }
}
