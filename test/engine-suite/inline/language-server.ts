import { Server, ServerCredentials, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import { RunResponse, type RunRequest } from "@pulumi/pulumi/proto/language_pb.js";
import { languageAnswers } from "../../engine-tools/plugins/language-answers.js";
import { createHandler } from "../../engine-tools/plugins/serve-plugin.js";
import { runInline } from "./inline-program.cjs";

async function run(request: RunRequest, programDirectory: string): Promise<RunResponse> {
  const code = await runInline({
    programDirectory,
    project: request.getProject(),
    stack: request.getStack(),
    organization: request.getOrganization(),
    parallelism: request.getParallel(),
    monitor: request.getMonitorAddress(),
    engine: request.getArgsList()[0] ?? "",
    dryRun: request.getDryrun(),
    config: Object.fromEntries(request.getConfigMap().toArray()),
    secretKeys: request.getConfigsecretkeysList(),
  });
  return new RunResponse().setBail(code !== 0);
}

/** Serves the LanguageRuntime of `pulumi --client`: all runs of a program, in this process. Resolves to its address. */
export async function serveLanguage(programDirectory: string): Promise<{ address: string; close: () => void }> {
  const implementation: UntypedServiceImplementation = {
    ...languageAnswers,
    cancel: createHandler(() => new Empty()),
    run: createHandler((request: RunRequest) => run(request, programDirectory)),
  };
  const server = new Server();
  server.addService(LanguageRuntimeService, implementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}
