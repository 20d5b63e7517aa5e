import { runLocal, type RunLocal } from "../../base/process/local-command.js";
import type { Gate, GateInput } from "../verdict/types.js";
import { createNotConfiguredVerdict, createNote, createVerdict, type Finding } from "../verdict/findings.js";
import { judgeOwnCheck, toObservedOutput } from "./judge.js";

/**
 * Runs the installation's own checks (`palette:checks`) for before or after a hop, or only the one that `only` names.
 * The commands get the hop in PALETTE_FROM, PALETTE_TO, PALETTE_PHASE and PALETTE_CHECK, and none of this tool's
 * secrets.
 */
export function createOwnCheckGate(run: RunLocal): Gate {
  return {
    name: "own-check",
    timing: { deadlineSeconds: 15 * 60, intervalSeconds: 30, samples: 1 },
    recheck: "start-only",
    async sample(input, signal) {
      const checks = input.settings.checks.filter(({ when }) => when === "both" || when === input.when);
      const chosen = input.only === undefined ? checks : checks.filter(({ name }) => name === input.only);
      if (chosen.length === 0)
        return input.only === undefined
          ? createNotConfiguredVerdict("own-check", `palette:checks lists none for ${input.when} a hop`, input.edge)
          : createVerdict("own-check", [createUnlistedFinding(input)], null);
      const results = await Promise.all(
        chosen.map(async (check) => ({
          check,
          result: await run({
            argv: check.command,
            timeoutSeconds: check.timeoutSeconds,
            environment: createCheckEnvironment(input, check.name),
            signal,
          }),
        })),
      );
      return createVerdict(
        "own-check",
        results.map(({ check, result }) => judgeOwnCheck(check.name, check.timeoutSeconds, result)),
        Object.fromEntries(results.map(({ check, result }) => [check.name, toObservedOutput(result)])),
      );
    },
  };
}

export const ownCheckGate = createOwnCheckGate(runLocal);

function createCheckEnvironment({ edge, when, settings }: GateInput, name: string): Record<string, string> {
  return {
    PALETTE_FROM: edge.from,
    PALETTE_TO: edge.to,
    PALETTE_PHASE: when,
    PALETTE_CHECK: name,
    ...(settings.kubernetes.kubeconfig === null ? {} : { KUBECONFIG: settings.kubernetes.kubeconfig }),
  };
}

/** Explains why a named check did not run: a note if it belongs to the other phase, unknown if it does not exist. */
function createUnlistedFinding({ only = "", settings, when }: GateInput): Finding {
  const known = settings.checks.find(({ name }) => name === only);
  if (known !== undefined) return createNote(`Own check ${only} is for ${known.when} a hop, not ${when} it.`, only);
  const names = settings.checks.map(({ name }) => name).join(", ") || "none";
  const message = `Own check "${only}" is not in palette:checks (there: ${names}): correct the name.`;
  return { outcome: "unknown", code: "CHECK_UNKNOWN", member: only, message };
}
