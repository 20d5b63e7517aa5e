import { spawn } from "node:child_process";
import semver from "semver";
import { InvalidInputError, RefusedError } from "../../base/errors/errors.js";

/** A Helm client of this machine and the cluster that it speaks to. */
export interface HelmClient {
  /** Path or name of the program. */
  program: string;
  kubeconfig: string;
  environment: NodeJS.ProcessEnv;
}

export interface HelmResult {
  /** Null where a signal ended it. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** Older versions may delete a namespace of Palette in the middle of an upgrade. */
const minimumVersion = "3.14.0";

/**
 * Checks a Helm client and returns its version.
 * @throws InvalidInputError `HELM_MISSING`; RefusedError `HELM_OLD`, which nobody can accept.
 */
export async function checkHelm(program: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const next = `Install Helm ${minimumVersion} or later of major 3 and put it on PATH.`;
  const versionResult = await runProgram(program, ["version", "--template", "{{ .Version }}"], { environment }).catch(
    () => null,
  );
  const version = semver.coerce(versionResult?.exitCode === 0 ? versionResult.stdout : null)?.version;
  if (version === undefined) {
    throw new InvalidInputError("HELM_MISSING", `No Helm client was found: "${program} version" gives no version.`, {
      next,
    });
  }
  if (semver.lt(version, minimumVersion)) {
    const message = `Helm is ${version}; one older than ${minimumVersion} may delete namespace hubble-system in the middle of an upgrade, and MongoDB's data with it.`;
    throw new RefusedError("HELM_OLD", message, { next });
  }
  return version;
}

interface HelmRun {
  arguments: string[];
  /** Values and other possible secrets are passed here, never as arguments. */
  stdin?: string;
  signal?: AbortSignal;
}

/** Runs Helm until it exits; resolves for every exit code. An aborted signal interrupts it as Ctrl-C would. */
export function runHelm(client: HelmClient, run: HelmRun): Promise<HelmResult> {
  const environment = { ...client.environment, KUBECONFIG: client.kubeconfig };
  return runProgram(client.program, run.arguments, { ...run, environment });
}

function runProgram(
  program: string,
  args: string[],
  options: { environment: NodeJS.ProcessEnv; stdin?: string; signal?: AbortSignal },
): Promise<HelmResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: options.environment, stdio: ["pipe", "pipe", "pipe"] });
    const result: HelmResult = { exitCode: null, stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (result.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (result.stderr += text));
    // A program that does not read its input closes the pipe; that is no error here.
    child.stdin.on("error", () => undefined).end(options.stdin ?? "");
    const sendInterrupt = (): void => void child.kill("SIGINT");
    options.signal?.addEventListener("abort", sendInterrupt, { once: true });
    if (options.signal?.aborted === true) sendInterrupt();
    child.once("error", reject);
    child.once("close", (exitCode) => {
      options.signal?.removeEventListener("abort", sendInterrupt);
      resolve({ ...result, exitCode });
    });
  });
}
