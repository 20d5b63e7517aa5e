import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type GateName } from "../../planning/rules/types.js";
import { parseGateCommand } from "../../program/stack/gate-command-text.js";
import {
  type CommandRunner,
  defaultInterpreter,
  formatFailure,
  killGroup,
  runShell,
  type ShellRequest,
  type ShellResult,
} from "../../../packages/rehearsal/lib/engine/providers/shell.js";
import { type GateAnswer, type GateCall } from "./gate-host.js";

/** Runs a rehearsal's Commands: gates in one process that is kept, any other command in a shell. */
export interface KeptGates {
  run: CommandRunner;
  stop: () => void;
}

interface RunningGate {
  onAnswer: (answer: GateAnswer) => void;
  onExit: (failure: string) => void;
}

/**
 * A rehearsal of seven hops runs 160 gates, and starting a process for each takes five times as long as what the gate
 * does. `projectDir`: the built checkout or installed package; only Commands that run there are gates of this tool.
 */
export function keepGates(projectDir: string): KeptGates {
  const running = new Map<number, RunningGate>();
  let host: ChildProcess | null = null;
  let calls = 0;

  const startHost = (environment: NodeJS.ProcessEnv): ChildProcess => {
    const child = fork(join(projectDir, "dist", "lib", "cli", "rehearse", "gate-host.js"), {
      cwd: projectDir,
      env: environment,
      // A group of its own: Ctrl-C is for the rehearsal, which then kills it.
      detached: true,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    child.on("message", (answer: GateAnswer) => running.get(answer.id)?.onAnswer(answer));
    const end = (failure: string): void => {
      if (host !== child) return;
      host = null;
      for (const gate of running.values()) gate.onExit(failure);
    };
    child.once("error", (error) => end(error.message));
    child.once("exit", (code, signal) => end(formatFailure(code, signal) ?? "exit status 0"));
    return child;
  };

  const run: CommandRunner = (request) => {
    const gate = findGate(request, projectDir);
    if (gate === undefined || request.signal.aborted) return runShell(request);
    const id = ++calls;
    const child = (host ??= startHost(request.environment));
    return new Promise((resolve) => {
      // All gates of a run are ended together, and whatever they started goes with them.
      const kill = (): void => killGroup(child.pid);
      const settle = (result: ShellResult): void => {
        running.delete(id);
        request.signal.removeEventListener("abort", kill);
        resolve(result);
      };
      request.signal.addEventListener("abort", kill, { once: true });
      running.set(id, followGate(request, settle));
      child.send({ id, gate, environment: request.environment } satisfies GateCall);
    });
  };
  return { run, stop: () => host?.disconnect() };
}

function findGate({ command, interpreter, cwd, stdin }: ShellRequest, projectDir: string): GateName | undefined {
  const isPlain = isDeepStrictEqual(interpreter, defaultInterpreter) && cwd === projectDir && stdin === null;
  return isPlain ? parseGateCommand(command) : undefined;
}

/** Collects a gate's answers to the result that a shell would give. */
function followGate({ onStdout, onStderr }: ShellRequest, settle: (result: ShellResult) => void): RunningGate {
  let stderr = "";
  const finish = (stdout: string, failure: string | null): void =>
    settle({ stdout, stderr, output: stderr + stdout, failure });
  return {
    onAnswer: (answer) => {
      if ("line" in answer) {
        stderr += `${answer.line}\n`;
        answer.line.split("\n").forEach(onStderr);
        return;
      }
      if (answer.stdout !== "") onStdout(answer.stdout.trimEnd());
      finish(answer.stdout, formatFailure(answer.exitCode, null));
    },
    onExit: (failure) => finish("", failure),
  };
}
