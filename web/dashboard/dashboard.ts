// The dashboard's entry: every element it is made of, defined once.
import { DashChart } from "./chart.ts";
import { DashMove } from "./move-dialog.ts";
import { DashShell } from "./shell.ts";
import { DashSignIn } from "./sign-in.ts";
import { DashTable } from "./table.ts";
import { DashCompare } from "./views/compare.ts";
import { DashDrift } from "./views/drift.ts";
import { DashHealth } from "./views/health.ts";
import { DashHistory } from "./views/history.ts";
import { DashJob } from "./views/job.ts";
import { DashJobs } from "./views/jobs.ts";
import { DashLedger } from "./views/ledger.ts";
import { DashLive } from "./views/live.ts";
import { DashOutcomes } from "./views/outcomes.ts";
import { DashRequest } from "./views/request.ts";
import { DashRequests } from "./views/requests.ts";
import { DashShadow } from "./views/shadow.ts";
import { DashTrain } from "./views/train.ts";

const elements = {
  ...{ "dash-chart": DashChart, "dash-table": DashTable, "dash-sign-in": DashSignIn, "dash-move": DashMove },
  ...{
    "dash-live": DashLive,
    "dash-history": DashHistory,
    "dash-ledger": DashLedger,
    "dash-compare": DashCompare,
  },
  ...{ "dash-shadow": DashShadow, "dash-train": DashTrain, "dash-job": DashJob, "dash-jobs": DashJobs },
  ...{ "dash-request": DashRequest, "dash-requests": DashRequests, "dash-outcomes": DashOutcomes },
  ...{ "dash-drift": DashDrift, "dash-health": DashHealth, "dash-shell": DashShell },
};

for (const [name, element] of Object.entries(elements)) customElements.define(name, element);

// The fragment says where one is: the skip link moves the focus without becoming a place to go back to.
document.querySelector(".skip")?.addEventListener("click", (event) => {
  event.preventDefault();
  document.querySelector<HTMLElement>("#content")?.focus();
});
