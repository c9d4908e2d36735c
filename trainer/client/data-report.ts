// Sends a dataset's data report to the server.
import type { DataReport } from "#core/api/data-report.ts";
import { type Server, send } from "../../sdk/send.ts";

/** Replaces the report that is there. Throws ServerRefusal and ServerUnreachable. */
export async function publishReport(
  server: Server,
  dataset: string,
  { report, page }: { readonly report: DataReport; readonly page: string },
): Promise<void> {
  await send(server, {
    method: "PUT",
    path: `/v1/${dataset}/report`,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ report, page }),
  });
}
