import { toFailure, formatRefusal } from "../../base/errors/refusal.js";
import { toShown } from "../../base/text/shown.js";
import { type GateName } from "../../planning/rules/types.js";
import { runGateCommand } from "../gate/gate-command.js";

/** What a rehearsal sends to its gate host: one gate's Command, with its whole environment. */
export interface GateCall {
  id: number;
  gate: GateName;
  environment: NodeJS.ProcessEnv;
}

/** What the gate's own process would write on stderr, line by line, and then how it would end. */
export type GateAnswer = { id: number; line: string } | { id: number; stdout: string; exitCode: number };

/** Runs a gate as `palette-upgrade gate NAME` does in a process of its own. */
async function answerCall({ id, gate, environment }: GateCall, send: (answer: GateAnswer) => void): Promise<void> {
  const say = (text: string): void => send({ id, line: toShown(text) });
  try {
    const options = { when: "before", explain: false, output: "text" } as const;
    const { text, exitCode } = await runGateCommand(gate, options, environment, say);
    send({ id, stdout: toShown(`${text}\n`), exitCode });
  } catch (error) {
    const failure = toFailure(error, environment);
    say(formatRefusal(failure, "  "));
    send({ id, stdout: "", exitCode: failure.exitCode });
  }
}

// Each running gate listens for signals.
process.setMaxListeners(0);
process.on("message", (call: GateCall) => void answerCall(call, (answer) => void process.send?.(answer)));
process.once("disconnect", () => process.exit());
