import assert from "node:assert/strict";
import { createOwnCheckGate } from "../../../lib/gates/own-check/gate.js";
import type { LocalCommand, LocalResult } from "../../../lib/base/process/local-command.js";
import type { GateSettings } from "../../../lib/settings/gate-settings.js";
import { inputFor, neverAborted, settingsFor } from "../fake-site.js";

const ended = (change: Partial<LocalResult> = {}): LocalResult => ({
  exitCode: 0,
  stdout: "",
  stderr: "",
  timedOut: false,
  startFault: null,
  ...change,
});
const check = (change: Partial<GateSettings["checks"][number]> = {}): GateSettings["checks"][number] => ({
  name: "smoke",
  when: "both",
  command: ["./smoke.sh", "--quick"],
  timeoutSeconds: 60,
  ...change,
});

async function judged(
  checks: GateSettings["checks"],
  result: LocalResult,
  more: { only?: string; when?: "before" | "after" } = {},
): Promise<{ reported: [string, ...string[]]; asked: LocalCommand[]; observed: unknown }> {
  const asked: LocalCommand[] = [];
  const gate = createOwnCheckGate((command) => {
    asked.push(command);
    return Promise.resolve(result);
  });
  const { outcome, reasons, observed } = await gate.sample(
    inputFor({
      ...more,
      settings: settingsFor({ checks, kubernetes: { kubeconfig: "/etc/kubeconfig", context: null } }),
    }),
    neverAborted,
  );
  return { reported: [outcome, ...reasons.map(({ code, message }) => `${code}: ${message}`)], asked, observed };
}

describe("the installation's own checks", () => {
  const table: [title: string, result: LocalResult, expected: [string, string]][] = [
    ["exit 0 passes", ended({ stdout: "all\nwell\n" }), ["pass", "NOTE: Own check smoke passed; it said: well"]],
    [
      "exit 75 is waited for",
      ended({ exitCode: 75 }),
      ["wait", "CHECK_NOT_YET: Own check smoke says not yet (exit 75); it said nothing"],
    ],
    [
      "exit 1 fails",
      ended({ exitCode: 1, stdout: "out", stderr: "login is broken\n" }),
      ["fail", "CHECK_FAILED: Own check smoke ended with 1, expected 0; it said: login is broken. Fix what it names."],
    ],
    [
      "exit 76 fails: only 75 says not yet",
      ended({ exitCode: 76 }),
      ["fail", "CHECK_FAILED: Own check smoke ended with 76, expected 0; it said nothing. Fix what it names."],
    ],
    [
      "a signal fails",
      ended({ exitCode: null }),
      ["fail", "CHECK_FAILED: Own check smoke was ended by a signal, expected 0; it said nothing. Fix what it names."],
    ],
    [
      "no end in time is unknown",
      ended({ exitCode: null, timedOut: true }),
      [
        "unknown",
        "CHECK_TIMEOUT: Own check smoke did not end within 60 s and was ended; it said nothing. Give it more time (timeoutSeconds) or find out what it waits for.",
      ],
    ],
    [
      "no start is unknown",
      ended({ exitCode: null, startFault: "spawn sh ENOENT" }),
      [
        "unknown",
        'CHECK_NOT_RUN: Own check smoke could not be started (spawn sh ENOENT): see palette:checks and that "sh" is there.',
      ],
    ],
    [
      "what looks like a secret is not repeated",
      ended({ exitCode: 1, stderr: "password=planted-pass" }),
      [
        "fail",
        "CHECK_FAILED: Own check smoke ended with 1, expected 0; it said: password=<redacted>. Fix what it names.",
      ],
    ],
  ];
  for (const [title, result, expected] of table) {
    it(title, async () => assert.deepEqual((await judged([check()], result)).reported, expected));
  }

  it("gets argv as it is, the hop, the kubeconfig, and nothing else", async () => {
    const { asked } = await judged([check()], ended(), { only: "smoke", when: "after" });
    const { signal } = asked[0]!;
    assert.deepEqual(asked[0], {
      signal,
      argv: ["./smoke.sh", "--quick"],
      timeoutSeconds: 60,
      environment: {
        PALETTE_FROM: "4.6.41",
        PALETTE_TO: "4.7.20",
        PALETTE_PHASE: "after",
        PALETTE_CHECK: "smoke",
        KUBECONFIG: "/etc/kubeconfig",
      },
    });
  });

  it("only those of the moment run, or the one that is named", async () => {
    const checks = [
      check({ name: "one", when: "before" }),
      check({ name: "two", when: "after" }),
      check({ name: "three" }),
    ];
    const ran = async (more: Parameters<typeof judged>[2]): Promise<string[]> =>
      (await judged(checks, ended(), more)).asked.map(({ environment }) => environment["PALETTE_CHECK"]!);
    assert.deepEqual(await ran({ when: "before" }), ["one", "three"]);
    assert.deepEqual(await ran({ when: "after" }), ["two", "three"]);
    assert.deepEqual(await ran({ when: "before", only: "three" }), ["three"]);
    assert.deepEqual(await ran({ when: "before", only: "two" }), []);
  });

  it("none for the moment is not applicable; a name that nobody knows is unknown", async () => {
    assert.deepEqual((await judged([], ended())).reported, [
      "pass",
      "NOT_APPLICABLE: palette:checks lists none for before a hop, so the gate own-check has nothing to judge on the hop 4.6.41 -> 4.7.20.",
    ]);
    assert.deepEqual((await judged([check()], ended(), { only: "smoek" })).reported, [
      "unknown",
      'CHECK_UNKNOWN: Own check "smoek" is not in palette:checks (there: smoke): correct the name.',
    ]);
  });

  it("long output is cut to its last part", async () => {
    const { observed } = await judged([check()], ended({ stdout: `${"x".repeat(5000)}end` }));
    const { stdout } = (observed as { smoke: { stdout: string } }).smoke;
    assert.ok(stdout.startsWith("… x") && stdout.endsWith("end") && stdout.length === 2002, String(stdout.length));
  });
});
