// Where a server is, as users write it.
import { InputError } from "#core/api/problem.ts";

/** The server's URL without a slash at its end. Throws InputError for what is no http(s) URL. */
export function parseServerUrl(text: string): string {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new InputError(
      `url: expected http://... or https://...; got ${JSON.stringify(text.slice(0, 200))}`,
    );
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}
