/**
 * A language host for Node.js by the public LanguageRuntime contract, for tests where Pulumi's own is not on PATH: runs a
 * program as the embedded engine does, and knows no plugins to require.
 */
import { type ChildProcess, spawn, type StdioOptions } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type ServerWritableStream, status } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import {
  AboutResponse,
  RunPluginResponse,
  RunResponse,
  RuntimeOptionsResponse,
  type RunPluginRequest,
  type RunRequest,
} from "@pulumi/pulumi/proto/language_pb.js";
import { createProgramCommand } from "../../../packages/rehearsal/lib/engine/program.js";
import { languageAnswers } from "./language-answers.js";
import { createHandler, getEngineAddress, servePlugin } from "./serve-plugin.js";

/** Exit code by which the SDK says that it has shown the error already. */
const shownAlready = 32;
const running = new Set<ChildProcess>();
const engine = getEngineAddress();

async function run(request: RunRequest): Promise<RunResponse> {
  const info = request.getInfo();
  if (info === undefined) throw new Error("the engine names no program");
  const secretKeys = new Set(request.getConfigsecretkeysList());
  const config = Object.fromEntries(
    request
      .getConfigMap()
      .toArray()
      .map(([key, value]) => [key, { value, secret: secretKeys.has(key) }]),
  );
  const options = info.getOptions()?.toJavaScript() ?? {};
  const command = createProgramCommand({
    project: {
      name: request.getProject(),
      programDirectory: info.getProgramDirectory(),
      typescript: options.typescript !== false,
      nodeArguments: typeof options.nodeargs === "string" ? options.nodeargs.split(/\s+/).filter(Boolean) : [],
    },
    projectDir: info.getRootDirectory(),
    stack: request.getStack(),
    organization: request.getOrganization(),
    config,
    dryRun: request.getDryrun(),
    parallelism: request.getParallel(),
    monitor: request.getMonitorAddress(),
    engine,
  });
  const child = start(command.arguments, request.getPwd(), { ...process.env, ...command.environment }, [
    "ignore",
    "inherit",
    "inherit",
  ]);
  const code = await waitForEnd(child);
  if (code === 0) return new RunResponse();
  if (code === shownAlready) return new RunResponse().setBail(true);
  return new RunResponse().setError(`Program exited with non-zero exit code: ${code ?? -1}`);
}

/** Runs a policy pack, the only plugin in Node.js that these tests have, until the engine ends the call. */
function runPlugin(call: ServerWritableStream<RunPluginRequest, RunPluginResponse>): void {
  const { request } = call;
  const folder = request.getInfo()?.getProgramDirectory() ?? "";
  if (request.getKind() !== "analyzer") {
    call.emit("error", {
      code: status.UNIMPLEMENTED,
      details: `plugins of kind ${request.getKind()} are not run here`,
    });
    return;
  }
  const sdk = createRequire(join(folder, "noop.js")).resolve("@pulumi/pulumi/cmd/run-policy-pack");
  // The pack reads its version from package.json in the working directory.
  const child = start([sdk, ...request.getArgsList(), folder], folder, readEnvironment(request), [
    "ignore",
    "pipe",
    "pipe",
  ]);
  child.stdout?.on("data", (bytes: Buffer) => call.write(new RunPluginResponse().setStdout(bytes)));
  child.stderr?.on("data", (bytes: Buffer) => call.write(new RunPluginResponse().setStderr(bytes)));
  call.on("cancelled", () => child.kill("SIGKILL"));
  waitForEnd(child).then(
    (code) => {
      call.write(new RunPluginResponse().setExitcode(code ?? -1));
      call.end();
    },
    (error: Error) => call.emit("error", { code: status.UNKNOWN, details: error.message }),
  );
}

function readEnvironment(request: RunPluginRequest): NodeJS.ProcessEnv {
  return Object.fromEntries(
    request.getEnvList().map((entry) => {
      const split = entry.indexOf("=");
      return [entry.slice(0, split), entry.slice(split + 1)];
    }),
  );
}

function start(
  programArguments: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv,
  stdio: StdioOptions,
): ChildProcess {
  const child = spawn(process.execPath, programArguments, { cwd, env: environment, stdio });
  running.add(child);
  return child;
}

function waitForEnd(child: ChildProcess): Promise<number | null> {
  return new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  }).finally(() => running.delete(child));
}

function endPrograms(): Promise<void> {
  for (const child of running) child.kill("SIGKILL");
  return Promise.resolve();
}

servePlugin(
  LanguageRuntimeService,
  {
    ...languageAnswers,
    runtimeOptionsPrompts: createHandler(() => new RuntimeOptionsResponse()),
    about: createHandler(() => new AboutResponse().setExecutable(process.execPath).setVersion(process.version)),
    run: createHandler(run),
    runPlugin,
    cancel: createHandler(async () => {
      await endPrograms();
      return new Empty();
    }),
  },
  endPrograms,
);
