// Error messages for the page: what happened, whether anything changed, and what to do.
import { type Failure, toFailure } from "../engines/failure.ts";
import { Refused } from "./api.ts";
import { session } from "./session.ts";

const sentence = (text: string) =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;

function refusalWords(refused: Refused): string {
  const scope = refused.scope ? ` It needs the scope ${refused.scope}.` : "";
  if (refused.status === 401 && !session.current) return `Sign in to see this.${scope}`;
  if (refused.status === 403 && refused.scope)
    return `This needs the scope ${refused.scope}, which your account does not have. Ask an admin for it.`;
  return `${sentence(refused.message)}${scope}`;
}

const wordsByStatus: Readonly<Record<number, (failure: Failure) => string>> = {
  412: ({ message }) =>
    `Nothing was changed, because someone else changed it first: ${sentence(message)} Check what is live now and try again.`,
  429: () => "Too many requests. Wait ten seconds and try again.",
};

export function faultWords(error: unknown): string {
  if (error instanceof Refused) return refusalWords(error);
  const failure = toFailure(error);
  const own = failure.status === undefined ? undefined : wordsByStatus[failure.status];
  if (own) return own(failure);
  if (failure.kind === "network") return "The server cannot be reached. Check the connection and try again.";
  if (failure.kind === "service")
    return `The server has a problem: ${sentence(failure.message)} Try again in a moment.`;
  const fields = failure.errors.map(
    ({ pointer, detail }) => `${pointer.slice(1) || "The request"}: ${detail}`,
  );
  return fields.length > 0 ? fields.map(sentence).join(" ") : sentence(failure.message);
}
