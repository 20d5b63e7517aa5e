import { spawn } from "node:child_process";
import { InvalidInputError, getErrorMessage } from "../../base/errors/errors.js";

/** A question to one of Docker's credential helpers. */
interface HelperRequest {
  /** The program is `docker-credential-<name>` on PATH. */
  name: string;
  server: string;
  /** File and key that name the helper, for errors. */
  where: string;
  environment: NodeJS.ProcessEnv;
}

const timeoutSeconds = 30;
const mostBytes = 1_000_000;

/**
 * Asks a credential helper for the credentials of a server; null where it has none. The helper gets the environment, in
 * which cloud helpers find their own credentials, without this program's variables.
 * @throws InvalidInputError `REGISTRY_CREDENTIALS` naming file and key; the helper's output is not repeated.
 */
export async function runCredentialHelper(request: HelperRequest): Promise<{ user: string; secret: string } | null> {
  const { name, server, where, environment } = request;
  if (!/^[a-z0-9][a-z0-9._-]*$/i.test(name)) throw createHelperError(where, "is no name of a helper");
  const program = `docker-credential-${name}`;
  const { exitCode, stdout } = await runProgram(program, server, environment).catch((cause: unknown) => {
    throw createHelperError(where, `names ${program}, which ${getErrorMessage(cause)}`);
  });
  // The protocol's own sentence for "none", on standard output.
  if (exitCode !== 0 && /credentials not found/i.test(stdout)) return null;
  if (exitCode !== 0) throw createHelperError(where, `names ${program}, which ended with ${exitCode} for ${server}`);
  const { Username: user, Secret: secret } = parseAnswer(stdout);
  if (typeof user !== "string" || typeof secret !== "string")
    throw createHelperError(where, `names ${program}, which answered without Username and Secret`);
  return user === "" && secret === "" ? null : { user, secret };
}

function runProgram(
  program: string,
  input: string,
  environment: NodeJS.ProcessEnv,
): Promise<{ exitCode: number | null; stdout: string }> {
  const env = Object.fromEntries(Object.entries(environment).filter(([key]) => !/^(PULUMI|PALETTE)_/.test(key)));
  return new Promise((resolve, reject) => {
    const child = spawn(program, ["get"], { env, stdio: ["pipe", "pipe", "ignore"] });
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`did not answer within ${timeoutSeconds} s`));
    }, timeoutSeconds * 1000);
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout = (stdout + text).slice(0, mostBytes)));
    child.stdin.on("error", () => undefined).end(input);
    child.on("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(new Error(error.code === "ENOENT" ? "is not on PATH" : `could not be started (${error.code ?? "?"})`));
    });
    child.on("close", (exitCode) => {
      clearTimeout(timer);
      resolve({ exitCode, stdout });
    });
  });
}

function parseAnswer(text: string): { Username?: unknown; Secret?: unknown } {
  try {
    return (JSON.parse(text) as { Username?: unknown; Secret?: unknown } | null) ?? {};
  } catch {
    return {};
  }
}

function createHelperError(where: string, problem: string): InvalidInputError {
  return new InvalidInputError("REGISTRY_CREDENTIALS", `The credential helper in ${where} ${problem}.`, {
    next: "Run the helper by hand, log in anew, or name the user in the settings.",
  });
}
