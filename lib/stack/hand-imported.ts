import { execFile } from "node:child_process";
import { RefusedError } from "../errors.js";
import { embeddedVariable, rehearsalVariable } from "../rehearsal/types.js";

/** A Helm release that the stack's state holds. */
export interface HeldByHand {
  /** The name somebody gave its resource. */
  resource: string;
  /** `namespace/name`. */
  id: string;
  /** Somebody took its protection away, and it is retained: undeclared it leaves the state and stays on the cluster. */
  mayGo: boolean;
}

export interface StateQuestion {
  /** `organization/project/stack`. */
  stack: string;
  projectDir: string;
  environment: NodeJS.ProcessEnv;
  /** Runs a command; null where there is no such command. Default: a process of its own. */
  run?: (command: string, args: string[]) => Promise<{ ok: boolean; stdout: string } | null>;
}

const releaseType = "kubernetes:helm.sh/v3:Release";

/**
 * The releases in a stack's state: left undeclared they would be deleted. Asked of the engine's own command line, which keeps
 * secrets sealed; null without one, or on the embedded engine of a rehearsal. Names only are kept of what it answers. In a stack that
 * this tool has never settled they are those that somebody imported by hand.
 *
 * @throws RefusedError `STATE_UNREAD` where it does not answer: what is not seen is not taken for absent.
 */
export async function releasesInState(question: StateQuestion): Promise<HeldByHand[] | null> {
  if (isEmbedded(question.environment)) return null;
  const run = question.run ?? ((command, args) => runCommand(command, args, question));
  const answer = await run("pulumi", ["stack", "export", "--stack", question.stack, "--non-interactive"]);
  if (answer === null) return null;
  const state = answer.ok ? parsed(answer.stdout) : null;
  if (state === null) {
    throw new RefusedError(
      "STATE_UNREAD",
      "Which releases the stack's state holds cannot be told: pulumi stack export does not answer.",
      {
        next: "Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE, so that it runs without asking, and run this again.",
      },
    );
  }
  return releasesIn(state);
}

/** The releases in an exported state. Pure. */
export function releasesIn(state: unknown): HeldByHand[] {
  return ((state as ExportedState).deployment?.resources ?? [])
    .filter(({ type }) => type === releaseType)
    .map(({ urn, id = "", protect = false, retainOnDelete = false }) => ({
      resource: urn.slice(urn.lastIndexOf("::") + 2),
      id,
      mayGo: !protect && retainOnDelete,
    }));
}

/** @throws RefusedError `RELEASE_DROPPED` for a release that the stack holds and this program does not declare: it would be deleted. */
export function refuseDropped(
  held: readonly HeldByHand[],
  declared: readonly { namespace: string; name: string }[],
): void {
  const dropped = held.filter(({ id }) => !declared.some(({ namespace, name }) => id === `${namespace}/${name}`));
  if (dropped.length === 0) return;
  throw new RefusedError(
    "RELEASE_DROPPED",
    `This stack holds ${dropped.map(({ resource, id }) => `${id} (resource ${resource})`).join(", ")}, imported by hand, which is no release of this Palette: it would be uninstalled.`,
    {
      next: "Take it out of this stack's state, where nothing is uninstalled: pulumi stack --show-urns, then pulumi state unprotect URN and pulumi state delete URN.",
    },
  );
}

/** A `pulumi` that is on PATH knows nothing of the embedded engine's stacks. */
function isEmbedded(environment: NodeJS.ProcessEnv): boolean {
  return environment[embeddedVariable] === "yes" && (environment[rehearsalVariable] ?? "") !== "";
}

interface StateResource {
  urn: string;
  type: string;
  id?: string;
  protect?: boolean;
  retainOnDelete?: boolean;
}

interface ExportedState {
  deployment?: { resources?: StateResource[] };
}

function parsed(text: string): ExportedState | null {
  try {
    return JSON.parse(text) as ExportedState;
  } catch {
    return null;
  }
}

/** The engine hands the program the whole configuration, secrets in clear, in its environment: it is for the program alone. */
function withoutConfig(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = ["PULUMI_CONFIG", "PULUMI_CONFIG_SECRET_KEYS"];
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !own.includes(name)));
}

function runCommand(
  command: string,
  args: string[],
  { projectDir, environment }: StateQuestion,
): Promise<{ ok: boolean; stdout: string } | null> {
  return new Promise((resolve) => {
    const options = {
      cwd: projectDir,
      env: withoutConfig(environment),
      maxBuffer: 256 * 1024 * 1024,
      timeout: 120_000,
    };
    const child = execFile(command, args, options, (error, stdout) => {
      if (error !== null && error.code === "ENOENT") resolve(null);
      else resolve({ ok: error === null, stdout });
    });
    child.stdin?.end();
  });
}
