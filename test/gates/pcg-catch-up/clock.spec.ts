import assert from "node:assert/strict";
import { at, pod, readyWorkloads, workload } from "../fake-site.js";
import { newAgent, print, type Story } from "./story.js";

describe("gate pcg-catch-up on a fake clock", () => {
  const table: [string, Story, string, number, string[]][] = [
    // title, story, outcome, minute at which it ends, codes
    [
      "minor: agent changed, settled, no profile update at the second look a poll later",
      { pcg: newAgent(12) },
      "pass",
      27,
      ["NOTE", "NOTE"],
    ],
    ["minor: unchanged for 30 minutes", {}, "unknown", 35, ["PCG_AGENT_UNCHANGED", "NOTE"]],
    [
      "major: unchanged for 30 minutes",
      { from: "4.9.51", to: "5.0.1", workloads: () => [...readyWorkloads, workload({ namespace: "ingress-traefik" })] },
      "unknown",
      35,
      ["PCG_AGENT_UNCHANGED", "NOTE"],
    ],
    ["patch: unchanged for 30 minutes", { from: "4.6.36" }, "pass", 35, ["NOTE", "NOTE"]],
    [
      "patch: an agent did come, no need to wait for the 30 minutes but for the second look",
      { from: "4.6.36", pcg: newAgent(8) },
      "pass",
      23,
      ["NOTE", "NOTE"],
    ],
    [
      "existing-cluster PCG: no second look, as it gets no profile updates",
      { pcg: (now) => ({ isSelfHosted: true, ...newAgent(12)(now) }) },
      "pass",
      12,
      ["NOTE", "NOTE", "NOTE"],
    ],
    ["no baseline: healthy and past 30 minutes", { baseline: null }, "pass", 35, ["NOTE", "NOTE"]],
    ["no baseline, looked at days later: at once", { baseline: null, begins: 9000 }, "pass", 9000, ["NOTE", "NOTE"]],
    [
      "restart in the middle, unchanged patch: the 30 minutes do not begin again",
      { from: "4.6.36", begins: 25 },
      "pass",
      35,
      ["NOTE", "NOTE"],
    ],
    [
      "restart in the middle, unchanged minor: nor here",
      { begins: 33 },
      "unknown",
      35,
      ["PCG_AGENT_UNCHANGED", "NOTE"],
    ],
    [
      "restart long after an agent came: heartbeat and second look lie behind",
      { pcg: newAgent(12), begins: 120 },
      "pass",
      120,
      ["NOTE", "NOTE"],
    ],
    [
      "unhealthy to the end: 60 minutes after the clock started",
      { pcg: () => ({ health: "UnHealthy" }), from: "4.6.36" },
      "fail",
      65,
      ["DEADLINE", "PCG_UNHEALTHY", "NOTE", "NOTE"],
    ],
    [
      "no heartbeat since the hop: neither",
      { pcg: (now) => ({ ...newAgent(12)(now), lastHeartbeat: at(4) }) },
      "fail",
      65,
      ["DEADLINE", "PCG_HEARTBEAT_STALE", "PCG_AGENT_SETTLING", "NOTE"],
    ],
    [
      "restart at 55 minutes: still 60 minutes in all",
      { pcg: () => ({ health: "UnHealthy" }), from: "4.6.36", begins: 60 },
      "fail",
      65,
      ["DEADLINE", "PCG_UNHEALTHY", "NOTE", "NOTE"],
    ],
    [
      "an agent that comes at 58 minutes gets its second look",
      { from: "4.6.36", pcg: (now) => (now < 63 ? { health: "UnHealthy" } : { agentVersion: "4.6.1" }) },
      "pass",
      78,
      ["NOTE", "NOTE"],
    ],
    [
      "a pause where a new agent must come",
      { pcg: () => ({ paused: true }) },
      "fail",
      5,
      ["PCG_PAUSED", "PCG_AGENT_UNCHANGED", "NOTE"],
    ],
    [
      "a tenant's pause where a new agent must come",
      { platformPaused: true, pcg: () => ({ paused: true }) },
      "fail",
      5,
      ["PCG_PAUSED", "TENANT_PAUSED", "PCG_AGENT_UNCHANGED", "NOTE"],
    ],
    [
      "a tenant's pause that the gateway's own setting overrides holds up no new agent",
      { platformPaused: true, pcg: newAgent(12) },
      "pass",
      27,
      ["NOTE", "NOTE", "NOTE"],
    ],
    [
      "a pause at a patch is a remark",
      { from: "4.6.36", pcg: () => ({ paused: true }) },
      "pass",
      35,
      ["NOTE", "NOTE", "NOTE"],
    ],
    [
      "a pause where a new agent must come with a major",
      {
        from: "4.9.51",
        to: "5.0.1",
        workloads: () => [...readyWorkloads, workload({ namespace: "ingress-traefik" })],
        pcg: () => ({ paused: true }),
      },
      "fail",
      5,
      ["PCG_PAUSED", "PCG_AGENT_UNCHANGED", "NOTE"],
    ],
    [
      "a pause where nothing was recorded before is a remark",
      { baseline: null, pcg: () => ({ paused: true }) },
      "pass",
      35,
      ["NOTE", "NOTE", "NOTE"],
    ],
    [
      "an agent that came late and stays unhealthy gets no longer",
      { from: "4.6.36", pcg: (now) => ({ ...newAgent(63)(now), health: "UnHealthy" }) },
      "fail",
      65,
      ["DEADLINE", "PCG_UNHEALTHY", "NOTE", "NOTE"],
    ],
    ["no version before this one: no agent is owed", { from: "4.6.41" }, "pass", 35, ["NOTE", "NOTE"]],
    [
      "an agent that came while a run looked counts from that look",
      { pcg: newAgent(40), from: "4.6.36", begins: 34 },
      "pass",
      35,
      ["NOTE", "NOTE"],
    ],
    [
      "an agent that came before the run began counts from then, at the latest from the 30 minutes",
      { pcg: newAgent(12), begins: 50 },
      "pass",
      50,
      ["NOTE", "NOTE"],
    ],
    ["… within them from the run's own first look", { pcg: newAgent(12), begins: 20 }, "pass", 35, ["NOTE", "NOTE"]],
    [
      "a pause after the agent came is a remark",
      { pcg: (now) => ({ ...newAgent(12)(now), paused: now >= 12 }) },
      "pass",
      27,
      ["NOTE", "NOTE", "NOTE"],
    ],
    [
      "the ingress was proved last: the clock starts there",
      { from: "4.6.36", ingressProvedAt: 20 },
      "pass",
      50,
      ["NOTE", "NOTE"],
    ],
    [
      "a profile update nobody approves",
      { pcg: newAgent(12), updates: (now) => (now >= 14 ? ["infra"] : []) },
      "fail",
      65,
      ["DEADLINE", "PCG_PROFILE_UPDATE_PENDING", "NOTE", "NOTE"],
    ],
    [
      "a variable of the profile that nobody gives a value",
      { pcg: (now) => ({ ...newAgent(12)(now), variablesPending: now >= 14 }) },
      "fail",
      65,
      ["DEADLINE", "PCG_VARIABLE_PENDING", "NOTE", "NOTE"],
    ],
    [
      "a variable that gets its value at 20",
      { pcg: (now) => ({ ...newAgent(12)(now), variablesPending: now >= 14 && now < 20 }) },
      "pass",
      27,
      ["NOTE", "NOTE"],
    ],
    [
      "a profile update approved at 20, complete at 25",
      { pcg: newAgent(12), updates: (now) => (now >= 14 && now < 20 ? ["infra"] : []), completedAt: 25 },
      "pass",
      27,
      ["NOTE", "NOTE"],
    ],
    [
      "a profile update approved at 20 that never completes",
      { pcg: newAgent(12), updates: (now) => (now >= 14 && now < 20 ? ["infra"] : []) },
      "fail",
      65,
      ["DEADLINE", "PCG_PROFILE_UPDATE_RUNNING", "NOTE", "NOTE"],
    ],
    [
      "a completion older than the pending update is another one's",
      { pcg: newAgent(12), updates: (now) => (now >= 14 && now < 20 ? ["infra"] : []), completedAt: 13 },
      "fail",
      65,
      ["DEADLINE", "PCG_PROFILE_UPDATE_RUNNING", "NOTE", "NOTE"],
    ],
    [
      "a profile update that is offered only at the second look is seen",
      { pcg: newAgent(12), updates: (now) => (now >= 26 ? ["infra"] : []) },
      "fail",
      65,
      ["DEADLINE", "PCG_PROFILE_UPDATE_PENDING", "NOTE", "NOTE"],
    ],
    [
      "a roll-out that ends at 20: the clock has not started before",
      {
        from: "4.6.36",
        workloads: (now) => (now < 20 ? [workload({ ready: 1 })] : readyWorkloads),
        pods: [pod({ startTime: at(19) })],
      },
      "pass",
      49,
      ["NOTE", "NOTE"],
    ],
    [
      "a roll-out that never ends",
      { workloads: () => [workload({ ready: 1 })] },
      "fail",
      125,
      ["DEADLINE", "ROLLOUT_PENDING"],
    ],
  ];
  for (const [title, story, outcome, minute, codes] of table) {
    it(`${outcome} at ${minute}: ${title}`, async () => {
      const reported = await print(story);

      assert.deepEqual(
        { outcome: reported.report.outcome, minute: reported.minute, codes: reported.codes },
        { outcome, minute, codes },
      );
    });
  }
});
