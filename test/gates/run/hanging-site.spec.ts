import assert from "node:assert/strict";
import { createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { getGateByName } from "../../../lib/gates/registry.js";
import { runGateRequest } from "../../../lib/gates/run/request.js";
import { gateNames } from "../../../lib/gates/verdict/types.js";
import { connectSite } from "../../../lib/site/connect.js";
import { systemClock } from "../../../lib/base/time/clock.js";
import type { GateSettings } from "../../../lib/settings/gate-settings.js";
import { cleanUp, deadAddress, kubeconfigFor } from "../../site/servers.js";
import { settingsFor, siteFacts } from "../fake-site.js";

const deadlineSeconds = 3;
/** Fifteen gates share this process; before they had a limit of their own each of them took the 30 s of a request. */
const slackSeconds = 4;

describe("a site that never answers", () => {
  let server: Server;
  let open: Set<Socket>;
  // Loading the library takes seconds on a busy machine; here the waiting is measured.
  before(() => import("../../../lib/site/kubernetes/library.js"));
  beforeEach(async () => {
    open = new Set();
    // Takes connections and reads what comes, and says nothing.
    server = createServer((socket) => void open.add(socket.on("error", () => undefined).resume()));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    await cleanUp();
  });

  function settingsAt(address: string): GateSettings {
    const { mongo, pcg, rollout, helm, gates } = settingsFor();
    const quick = { deadlineSeconds, intervalSeconds: 0.5 };
    return settingsFor({
      kubernetes: { kubeconfig: kubeconfigFor(address), context: null },
      site: { ...siteFacts, apiUrl: address },
      tenants: [{ name: "a", pcgs: ["p"] }],
      mongo: { ...mongo, ...quick },
      pcg: { ...pcg, deadlineSeconds, intervalSeconds: 0.5, pollSeconds: 0 },
      rollout: { ...rollout, ...quick },
      helm: { ...helm, timeoutSeconds: deadlineSeconds },
      gates: { ...gates, ...quick },
    });
  }

  for (const [title, address, codes] of [
    [
      "takes the connection and hangs",
      () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      ["SAMPLE_TIMEOUT"],
    ],
    ["refuses the connection", deadAddress, ["SITE_UNREACHABLE"]],
  ] as const)
    it(`${title}: each gate ends as unknown within its own deadline`, async () => {
      const settings = settingsAt(await address());
      const secrets = { apiKeys: ["k"], mongoUri: "", chartsPassword: "" };
      const connect = (): ReturnType<typeof connectSite> =>
        connectSite(settings, secrets, { environment: {}, clock: systemClock });
      const ended = await Promise.all(
        gateNames.map(async (name) => {
          const started = performance.now();
          const request = { to: "4.7.20", when: "before", settings, secrets } as const;
          const report = await runGateRequest(getGateByName(name), request, { connect, clock: systemClock });
          const seconds = (performance.now() - started) / 1000;
          const limit = name === "pcg-catch-up" ? 2 * deadlineSeconds : deadlineSeconds;
          return {
            name,
            outcome: report.outcome,
            code: report.reasons[0]?.code,
            inTime: seconds <= limit + slackSeconds,
          };
        }),
      );
      assert.deepEqual(
        ended,
        gateNames.map((name) => ({ name, outcome: "unknown", code: codes[0], inTime: true })),
      );
    });
});
