import { createColours } from "../../base/text/colours.js";
import { type UpdateRecord, type UpResult } from "../../driver/up-result.js";
import { describeGate } from "../gate/gate-text.js";
import { describeIdentity } from "../../site/identity.js";
import { renderTable } from "../table.js";

/** Renders the result of a run: its updates, why it ended, what to do, where the journal is. */
export function renderUpResult(result: UpResult, colour: boolean): string {
  const colours = createColours(colour);
  const mark = result.exitCode === 0 ? colours.green : result.outcome === "not-now" ? colours.yellow : colours.red;
  const blocks = [
    renderUpdateTable(result.updates),
    `${mark(formatHead(result))} ${result.message}`,
    ...result.gates.map(describeGate),
    ...result.refusals.map(
      ({ code, message, next }) =>
        `${code}: ${message.replaceAll("\n", "\n  ")}${next === null ? "" : `\n  ${next.replaceAll("\n", "\n  ")}`}`,
    ),
    ...result.notes.map((note) => `${colours.yellow("Note:")} ${note}`),
    renderFooter(result),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

/** Short of the target it says "proved at", because a newer version with open checks may be installed. */
function formatHead({ stack, outcome, applied, target }: UpResult): string {
  if (outcome === "done") return applied === null ? `${stack}.` : `${stack} at ${applied}.`;
  return applied === null ? `${stack}, target ${target}.` : `${stack}, proved at ${applied}, target ${target}.`;
}

function renderUpdateTable(updates: readonly UpdateRecord[]): string {
  if (updates.length === 0) return "";
  const rows = updates.map(({ step, from, to, outcome, seconds, gates }) => [
    step === "hop" ? `${from} -> ${to}` : `${step} ${to}`,
    outcome,
    `${gates.filter((gate) => gate.outcome === "pass" && gate.applicable).length}`,
    `${seconds.toFixed(1)} s`,
  ]);
  return renderTable(["UPDATE", "OUTCOME", "GATES PASSED", "TIME"], rows);
}

function renderFooter({ remaining, outcome, journal, identity }: UpResult): string {
  const lines = [
    ...(identity === undefined ? [] : [`On: ${describeIdentity(identity)}`]),
    ...(remaining.length === 0 || outcome === "done"
      ? []
      : [`Still ahead: ${remaining.join(" -> ")}. Run the same command again; nothing of what has passed is lost.`]),
    ...(journal === null ? [] : [`Journal: ${journal.where}, run ${journal.run}, head ${journal.head.slice(0, 16)}`]),
  ];
  return lines.join("\n");
}
