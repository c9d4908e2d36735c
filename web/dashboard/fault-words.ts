// Error messages for the page: what happened, whether anything changed, and what to do.
import { ApiFault } from "../../sdk/api-fault.ts";
import { session } from "./session.ts";

const sentence = (text: string) =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;

/** A refusal for who is asking: trying again as the same person is no help. */
export function isRefusal(error: unknown): boolean {
  return error instanceof ApiFault && (error.status === 401 || error.status === 403);
}

function refusalWords({ status, detail, scope = /the scope ([a-z:]+)/.exec(detail)?.[1] }: ApiFault): string {
  const need = scope ? ` It needs the scope ${scope}.` : "";
  if (status === 401 && !session.current) return `Sign in to see this.${need}`;
  if (status === 403 && scope)
    return `This needs the scope ${scope}, which your account does not have. Ask an admin for it.`;
  return `${sentence(detail)}${need}`;
}

const wordsByStatus: Readonly<Record<number, (fault: ApiFault) => string>> = {
  0: () => "The server cannot be reached. Check the connection and try again.",
  412: ({ detail }) =>
    `Nothing was changed, because someone else changed it first: ${sentence(detail)} Check what is live now and try again.`,
  429: () => "Too many requests. Wait ten seconds and try again.",
};

const trouble = (message: string) => `The server has a problem: ${sentence(message)} Try again in a moment.`;

export function faultWords(error: unknown): string {
  if (!(error instanceof ApiFault)) return trouble(error instanceof Error ? error.message : String(error));
  if (isRefusal(error)) return refusalWords(error);
  const { status, detail, errors } = error;
  const own = wordsByStatus[status];
  if (own) return own(error);
  // A success that cannot be read is the server's fault, too.
  if (status >= 500 || status < 400) return trouble(detail);
  const fields = errors.map(({ pointer, detail }) => `${pointer.slice(1) || "The request"}: ${detail}`);
  return fields.length > 0 ? fields.map(sentence).join(" ") : sentence(detail);
}
