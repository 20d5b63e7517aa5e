import { execFile } from "node:child_process";
import { RefusedError } from "../../../base/errors/errors.js";

/** A Helm release that the stack's state holds. */
export interface ImportedRelease {
  /** Name of its resource, as somebody chose it. */
  resource: string;
  /** `namespace/name`. */
  id: string;
  /** True if it is unprotected and retained: undeclared, it leaves the state and stays on the cluster. */
  canDrop: boolean;
}

interface StateExportOptions {
  /** `organization/project/stack`. */
  stack: string;
  projectDir: string;
  environment: NodeJS.ProcessEnv;
  /** Runs a command; resolves to null where there is no such command. Default: in a child process. */
  run?: (command: string, args: string[]) => Promise<{ ok: boolean; stdout: string } | null>;
}

const releaseType = "kubernetes:helm.sh/v3:Release";

/**
 * Reads the releases in a stack's state with `pulumi stack export`, which keeps secrets encrypted; left undeclared they
 * would be deleted. Null without a `pulumi`. Only names are kept. In a stack
 * that this tool has never settled they are those that somebody imported by hand.
 *
 * @throws RefusedError `STATE_UNREAD` where the export fails: what cannot be read is not taken for absent.
 */
export async function exportStateReleases(exportOptions: StateExportOptions): Promise<ImportedRelease[] | null> {
  const run = exportOptions.run ?? ((command, args) => runCommand(command, args, exportOptions));
  const answer = await run("pulumi", ["stack", "export", "--stack", exportOptions.stack, "--non-interactive"]);
  if (answer === null) return null;
  const state = answer.ok ? parseState(answer.stdout) : null;
  if (state === null) {
    throw new RefusedError(
      "STATE_UNREAD",
      "Which releases the stack's state holds cannot be determined: pulumi stack export does not answer.",
      {
        next: "Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE, so that it runs without asking, and run this again.",
      },
    );
  }
  return listStateReleases(state);
}

/** Lists the releases in an exported state. Pure. */
export function listStateReleases(state: unknown): ImportedRelease[] {
  return ((state as ExportedState).deployment?.resources ?? [])
    .filter(({ type }) => type === releaseType)
    .map(({ urn, id = "", protect = false, retainOnDelete = false }) => ({
      resource: urn.slice(urn.lastIndexOf("::") + 2),
      id,
      canDrop: !protect && retainOnDelete,
    }));
}

/**
 * @throws RefusedError `RELEASE_DROPPED` for an imported release that this program does not declare: it would be
 * deleted.
 */
export function refuseDroppedImports(
  importedReleases: readonly ImportedRelease[],
  declared: readonly { namespace: string; name: string }[],
): void {
  const dropped = importedReleases.filter(
    ({ id }) => !declared.some(({ namespace, name }) => id === `${namespace}/${name}`),
  );
  if (dropped.length === 0) return;
  throw new RefusedError(
    "RELEASE_DROPPED",
    `This stack holds ${dropped.map(({ resource, id }) => `${id} (resource ${resource})`).join(", ")}, imported by hand, which is no release of this Palette: it would be uninstalled.`,
    {
      next: "Take it out of this stack's state, where nothing is uninstalled: pulumi stack --show-urns, then pulumi state unprotect URN and pulumi state delete URN.",
    },
  );
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

function parseState(text: string): ExportedState | null {
  try {
    return JSON.parse(text) as ExportedState;
  } catch {
    return null;
  }
}

/**
 * Removes the whole configuration with clear-text secrets, which the engine passes in the environment of the program.
 */
function removeConfig(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = ["PULUMI_CONFIG", "PULUMI_CONFIG_SECRET_KEYS"];
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !own.includes(name)));
}

function runCommand(
  command: string,
  args: string[],
  { projectDir, environment }: StateExportOptions,
): Promise<{ ok: boolean; stdout: string } | null> {
  return new Promise((resolve) => {
    const options = {
      cwd: projectDir,
      env: removeConfig(environment),
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
