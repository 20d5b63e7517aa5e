import {
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
  type ServerUnaryCall,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import {
  GetRootResourceResponse,
  RequirePulumiVersionResponse,
  SetRootResourceResponse,
  type LogRequest,
  type SetRootResourceRequest,
} from "@pulumi/pulumi/proto/engine_pb.js";
import { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import {
  RegisterResourceResponse,
  SupportsFeatureResponse,
  type RegisterErrorHookRequest,
  type RegisterResourceHookRequest,
  type RegisterResourceOutputsRequest,
  type RegisterResourceRequest,
  type ResourceInvokeRequest,
  type SupportsFeatureRequest,
} from "@pulumi/pulumi/proto/resource_pb.js";
import { messageOf } from "../../errors.js";
import type { Deployment } from "./deployment.js";
import { toStruct } from "./hooks.js";
import { invoke } from "./invokes.js";
import { readProperties, readRegistration } from "./registration.js";
import type { Run } from "./run.js";

/** What the SDK may rely on; it tells the program plainly when it asks for anything else. */
const features = new Set(["secrets", "resourceReferences", "aliasSpecs", "resourceHooks", "errorHooks"]);
const largestMessage = 400 * 1024 * 1024;

export interface Services {
  /** `host:port` of both services, on loopback. */
  address: string;
  /** Resolves when the program has declared everything. */
  declared: Promise<void>;
  /** Answers the program's closing call, after which it ends. */
  release(): void;
  /** Everything that waits is told that the engine shuts down. */
  close(): void;
  dispose(): void;
}

class Unavailable extends Error {}

/** Serves Pulumi's ResourceMonitor and Engine to one program. */
export async function startServices(run: Run, deployment: Deployment): Promise<Services> {
  const server = new Server({
    "grpc.max_receive_message_length": largestMessage,
    "grpc.max_send_message_length": largestMessage,
  });
  let announce: () => void = () => undefined;
  const declared = new Promise<void>((resolve) => (announce = resolve));
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  let closed = false;
  let shut: () => void = () => undefined;
  const closing = new Promise<never>(
    (_, reject) => (shut = () => reject(new Unavailable("resource monitor shut down"))),
  );
  closing.catch(() => undefined);
  const orClosed = <T>(work: Promise<T>): Promise<T> => Promise.race([work, closing]);
  const shutdown = async (): Promise<Empty> => {
    announce();
    await orClosed(released);
    return new Empty();
  };
  server.addService(ResourceMonitorService, monitorHandlers(run, deployment, orClosed, shutdown));
  server.addService(
    EngineService,
    engineHandlers(run, () => closed),
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  const close = (): void => {
    closed = true;
    shut();
  };
  return { address: `127.0.0.1:${port}`, declared, release, close, dispose: () => server.forceShutdown() };
}

function monitorHandlers(
  run: Run,
  deployment: Deployment,
  orClosed: <T>(work: Promise<T>) => Promise<T>,
  shutdown: () => Promise<Empty>,
): UntypedServiceImplementation {
  return {
    supportsFeature: unary((request: SupportsFeatureRequest) =>
      new SupportsFeatureResponse().setHassupport(features.has(request.getId())),
    ),
    registerResource: unary(async (request: RegisterResourceRequest) => {
      if (request.getRemote())
        throw new Error(`${request.getType()} is a remote component, which the embedded engine cannot construct`);
      const registration = readRegistration(request);
      run.redactor.learn(registration.inputs);
      const { urn, id, outputs } = await orClosed(deployment.register(registration));
      return new RegisterResourceResponse().setUrn(urn).setId(id).setObject(toStruct(outputs));
    }),
    registerResourceOutputs: unary(async (request: RegisterResourceOutputsRequest) => {
      await orClosed(deployment.registerOutputs(request.getUrn(), readProperties(request.getOutputs())));
      return new Empty();
    }),
    registerResourceHook: unary((request: RegisterResourceHookRequest) => {
      run.hooks.register(request);
      return new Empty();
    }),
    registerErrorHook: unary((request: RegisterErrorHookRequest) => {
      run.hooks.registerErrorHook(request);
      return new Empty();
    }),
    invoke: unary((request: ResourceInvokeRequest) =>
      new InvokeResponse().setReturn(toStruct(invoke(run, request.getTok(), readProperties(request.getArgs())))),
    ),
    signalAndWaitForShutdown: unary(shutdown),
    readResource: refuse("Reading existing resources (`get`)"),
    call: refuse("Calling methods of resources"),
    registerPackage: refuse("Parameterized packages"),
    registerStackTransform: refuse("Transforms"),
    registerStackInvokeTransform: refuse("Invoke transforms"),
    getDeploymentInfo: refuse("GetDeploymentInfo"),
  };
}

function engineHandlers(run: Run, isClosed: () => boolean): UntypedServiceImplementation {
  let root = "";
  return {
    log: unary((request: LogRequest) => {
      const severity = (["debug", "info", "warning", "error"] as const)[request.getSeverity()] ?? "info";
      // After the end, what the program still says is only about the end.
      if (severity !== "debug" && !isClosed())
        run.journal.programSays(severity, request.getUrn() || null, request.getMessage());
      return new Empty();
    }),
    getRootResource: unary(() => new GetRootResourceResponse().setUrn(root)),
    setRootResource: unary((request: SetRootResourceRequest) => {
      root = request.getUrn();
      return new SetRootResourceResponse();
    }),
    startDebugging: unary(() => new Empty()),
    requirePulumiVersion: unary(() => new RequirePulumiVersionResponse()),
  };
}

type Handler<Request, Response> = (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => void;

function unary<Request, Response>(
  answer: (request: Request) => Response | Promise<Response>,
): Handler<Request, Response> {
  return (call, callback) => {
    Promise.resolve()
      .then(() => answer(call.request))
      .then(
        (response) => callback(null, response),
        (error: unknown) =>
          callback({
            code: error instanceof Unavailable ? status.UNAVAILABLE : status.UNKNOWN,
            details: messageOf(error),
          }),
      );
  };
}

function refuse(what: string): Handler<unknown, unknown> {
  return (_call, callback) =>
    callback({ code: status.UNIMPLEMENTED, details: `${what}: the embedded engine does not do that.` });
}
