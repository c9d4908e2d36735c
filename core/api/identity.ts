// Users and keys as the API takes and answers them.
import * as z from "zod";
import { scopes } from "./scopes.ts";

const Instant = z.iso.datetime();

/** Names stand in paths, in the ledger and in tokens: one spelling each, nothing that a path or a log could misread. */
export const UserName = z
  .string()
  .max(64)
  .regex(
    /^[a-z0-9][a-z0-9.@+-]*$/,
    "expected lower-case letters, digits and . @ + -, starting with a letter or a digit",
  )
  .refine(
    (name) => !["admin", "anonymous", "bootstrap", "me"].includes(name),
    "expected a name that is not reserved",
  );

/** Bounds of a password in characters, after NFKC (NIST SP 800-63B: long enough to need no rules, and any script). */
export const passwordBounds = { minimum: 12, maximum: 256 } as const;

/** One spelling of a password: how it was typed, composed or full width, must not matter. */
export function normalisePassword(text: string): string {
  return text.normalize("NFKC");
}

const isLongEnough = (password: string) => {
  const { length } = [...normalisePassword(password)];
  return length >= passwordBounds.minimum && length <= passwordBounds.maximum;
};

export const Password = z
  .string()
  // Before anything walks over it: a megabyte of combining characters takes its time to normalise.
  .max(4 * passwordBounds.maximum, {
    abort: true,
    error: `expected ${passwordBounds.minimum} to ${passwordBounds.maximum} characters`,
  })
  .refine(isLongEnough, `expected ${passwordBounds.minimum} to ${passwordBounds.maximum} characters`);

export const Scopes = z
  .array(z.enum(scopes))
  .min(1)
  .max(scopes.length)
  .refine((list) => new Set(list).size === list.length, "expected each scope once");

export const CreateUser = z
  .strictObject({ name: UserName, password: Password, scopes: Scopes })
  .refine(({ name, password }) => !password.toLowerCase().includes(name) || name.length < 4, {
    path: ["password"],
    message: "expected a password that does not hold the name",
  });

export const ChangeUser = z
  .strictObject({ scopes: Scopes.optional(), disabled: z.boolean().optional() })
  .refine((change) => Object.keys(change).length > 0, "expected scopes, disabled or both");

export const ChangePassword = z.strictObject({
  /** Needed for one's own; an admin resets another's without it. */
  currentPassword: z
    .string()
    .max(4 * passwordBounds.maximum)
    .optional(),
  password: Password,
});

export const Bootstrap = z.strictObject({
  secret: z.string().min(1).max(1024),
  name: UserName,
  password: Password,
});

// Host names as browsers write them: lower case, other scripts as punycode; addresses of IPv6 in brackets.
const originPattern = /^(https?):\/\/(?:\[[0-9a-f:.]+\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)(?::([1-9]\d{0,4}))?$/;
const ownPorts: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** An origin as browsers send it (RFC 6454, 6.2): scheme, host, port where it is not the scheme's own; nothing else. */
export const Origin = z
  .string()
  .max(300)
  .refine((text) => {
    const [whole, scheme, port = "0"] = originPattern.exec(text) ?? [];
    return whole !== undefined && Number(port) <= 65_535 && Number(port) !== ownPorts[scheme];
  }, "expected an origin as browsers send it, such as https://shop.example, without a path");

const DatasetName = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, "expected the name of a dataset");

export const keyKinds = ["secret", "publishable"] as const;
export type KeyKind = (typeof keyKinds)[number];

/** What a publishable key may have at most: it stands in the source of a page. */
export const publishableScope = "predict";

export const CreateKey = z
  .strictObject({
    /** What it is for. Two live keys may share a name, so that one can follow the other. */
    name: z.string().trim().min(1).max(100),
    kind: z.enum(keyKinds).default("secret"),
    scopes: Scopes.default([publishableScope]),
    /** Pages that may use it; publishable keys only. */
    origins: z.array(Origin).min(1).max(20).optional(),
    /** Datasets it is for; all where it is left out. */
    datasets: z.array(DatasetName).min(1).max(50).optional(),
    expiresAt: z.iso.datetime({ offset: true }).optional(),
  })
  .refine(({ kind, origins }) => (kind === "publishable") === (origins !== undefined), {
    path: ["origins"],
    message: "expected origins for a publishable key, and for no other",
  })
  .refine(
    ({ kind, scopes: asked }) => kind === "secret" || asked.every((scope) => scope === publishableScope),
    {
      path: ["scopes"],
      message: `expected no other than ${publishableScope} for a publishable key`,
    },
  );
export type CreateKey = z.infer<typeof CreateKey>;

export const User = z.object({
  name: z.string(),
  scopes: z.array(z.string()),
  disabled: z.boolean(),
  createdAt: Instant,
  createdBy: z.string(),
});

export const ApiKey = z.object({
  /** Its public part, by which it is named in the log and in the ledger. */
  id: z.string(),
  name: z.string(),
  kind: z.enum(keyKinds),
  scopes: z.array(z.string()),
  origins: z.array(z.string()).nullable(),
  datasets: z.array(z.string()).nullable(),
  owner: z.string(),
  createdAt: Instant,
  expiresAt: Instant.nullable(),
  /** To a minute or so. */
  lastUsedAt: Instant.nullable(),
  revokedAt: Instant.nullable(),
});
export type ApiKey = z.infer<typeof ApiKey>;

export const NewApiKey = ApiKey.extend({
  /** The key itself: it is answered this once and kept nowhere. */
  key: z.string(),
});

export const AccessToken = z.object({
  access_token: z.string(),
  token_type: z.literal("Bearer"),
  expires_in: z.int(),
  scope: z.string(),
  /** Good for one use, which answers the next one; users only. */
  refresh_token: z.string().optional(),
});
