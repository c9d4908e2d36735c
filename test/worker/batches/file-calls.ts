// Files as their callers know them, for the Worker's tests: put and got.
import type { Service } from "../service.ts";

/** Calls to the service of the moment, as admin unless a token is given. */
export function fileCalls(of: () => Service) {
  const put = (name: string, body: BodyInit, headers: Record<string, string> = {}, token = "admin") => {
    const length = typeof body === "string" ? new TextEncoder().encode(body).length : (body as Blob).size;
    return of().fetch(`/v1/files/${name}`, {
      method: "PUT",
      token,
      headers: {
        "content-type": name.endsWith(".csv") ? "text/csv" : "application/x-ndjson",
        "content-length": String(length),
        ...headers,
      },
      body,
    });
  };
  const get = (name: string, headers: Record<string, string> = {}, token = "admin") =>
    of().fetch(`/v1/files/${name}`, { token, headers });
  return { put, get };
}
