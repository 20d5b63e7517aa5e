import assert from "node:assert/strict";
import { type UpCommandOptions, createUpRequest } from "../../../lib/cli/up/up-request.js";

const options: UpCommandOptions = { stack: "prod", yes: false, output: "text" };
const terminal = { isTerminal: true, environment: {} };

describe("the command as the journal keeps it", () => {
  const cases: [title: string, over: Partial<UpCommandOptions>, command: string][] = [
    ["nothing but the stack", {}, "up --stack prod"],
    ["patience that was asked for", { patience: 30 }, "up --stack prod --patience 30"],
    ["no patience at all, asked for", { patience: 0 }, "up --stack prod --patience 0"],
    [
      "limits, --yes and patience",
      { to: "4.7.20", maxHops: 2, yes: true, patience: 5 },
      "up --stack prod --to 4.7.20 --max-hops 2 --yes --patience 5",
    ],
    [
      "an approval",
      { approvedVersion: "4.7.20", approvedFingerprint: "ab", approvedBy: "bert" },
      "up --stack prod --approved-version 4.7.20 --approved-fingerprint ab --approved-by bert",
    ],
    ["the change has a field of its own", { change: "CHG-7", output: "json" }, "up --stack prod"],
  ];
  for (const [title, over, command] of cases) {
    it(title, () => assert.equal(createUpRequest({ ...options, ...over }, terminal).command, command));
  }
});

describe("patience where none was asked for", () => {
  const cases: [title: string, where: Parameters<typeof createUpRequest>[1], seconds: number][] = [
    ["on a terminal", terminal, 600],
    ["without one", { isTerminal: false, environment: {} }, 0],
    ["in CI", { isTerminal: true, environment: { CI: "true" } }, 0],
    ["CI denied", { isTerminal: true, environment: { CI: "false" } }, 600],
  ];
  for (const [title, where, seconds] of cases) {
    it(title, () => assert.equal(createUpRequest(options, where).maxWaitSeconds, seconds));
  }
});
