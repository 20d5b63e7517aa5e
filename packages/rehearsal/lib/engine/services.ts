import {
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
  type ServerUnaryCall,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
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
import { getErrorMessage } from "../../../../lib/base/errors/errors.js";
import type { Deployment } from "./deployment.js";
import { toStruct } from "./hooks.js";
import { answerInvoke } from "./invokes.js";
import { readProperties, readRegistration } from "./registration.js";
import type { Run } from "./run.js";

/** Features that the SDK may use; it reports an error to the program for any other. */
const supportedFeatures = new Set(["secrets", "resourceReferences", "aliasSpecs", "resourceHooks", "errorHooks"]);
const largestMessage = 400 * 1024 * 1024;

export interface Services {
  /** `host:port` of both services, on loopback. */
  address: string;
  /** Resolves when the program has declared everything. */
  declared: Promise<void>;
  /** Answers the program's final call, after which the program ends. */
  release(): void;
  /** Ends all waiting calls with the error that the engine shuts down. */
  close(): void;
  dispose(): void;
}

class UnavailableError extends Error {}

/** Serves Pulumi's ResourceMonitor and Engine to one program. */
export async function startServices(run: Run, deployment: Deployment): Promise<Services> {
  const server = new Server({
    "grpc.max_receive_message_length": largestMessage,
    "grpc.max_send_message_length": largestMessage,
  });
  let resolveDeclared: () => void = () => undefined;
  const declared = new Promise<void>((resolve) => (resolveDeclared = resolve));
  let resolveReleased: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (resolveReleased = resolve));
  let closed = false;
  let rejectClosing: () => void = () => undefined;
  const closing = new Promise<never>(
    (_, reject) => (rejectClosing = () => reject(new UnavailableError("resource monitor shut down"))),
  );
  closing.catch(() => undefined);
  const raceWithClosing = <T>(work: Promise<T>): Promise<T> => Promise.race([work, closing]);
  const waitForRelease = async (): Promise<Empty> => {
    resolveDeclared();
    await raceWithClosing(released);
    return new Empty();
  };
  server.addService(ResourceMonitorService, createMonitorHandlers(run, deployment, raceWithClosing, waitForRelease));
  server.addService(
    EngineService,
    createEngineHandlers(run, () => closed),
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  const close = (): void => {
    closed = true;
    rejectClosing();
  };
  return {
    address: `127.0.0.1:${port}`,
    declared,
    release: resolveReleased,
    close,
    dispose: () => server.forceShutdown(),
  };
}

function createMonitorHandlers(
  run: Run,
  deployment: Deployment,
  raceWithClosing: <T>(work: Promise<T>) => Promise<T>,
  waitForRelease: () => Promise<Empty>,
): UntypedServiceImplementation {
  return {
    supportsFeature: createUnaryHandler((request: SupportsFeatureRequest) =>
      new SupportsFeatureResponse().setHassupport(supportedFeatures.has(request.getId())),
    ),
    registerResource: createUnaryHandler(async (request: RegisterResourceRequest) => {
      if (request.getRemote())
        throw new Error(`${request.getType()} is a remote component, which the embedded engine cannot construct`);
      const registration = readRegistration(request);
      run.redactor.learn(registration.inputs);
      const { urn, id, outputs } = await raceWithClosing(deployment.register(registration));
      return new RegisterResourceResponse().setUrn(urn).setId(id).setObject(toStruct(outputs));
    }),
    registerResourceOutputs: createUnaryHandler(async (request: RegisterResourceOutputsRequest) => {
      await raceWithClosing(deployment.registerOutputs(request.getUrn(), readProperties(request.getOutputs())));
      return new Empty();
    }),
    registerResourceHook: createUnaryHandler((request: RegisterResourceHookRequest) => {
      run.hooks.register(request);
      return new Empty();
    }),
    registerErrorHook: createUnaryHandler((request: RegisterErrorHookRequest) => {
      run.hooks.registerErrorHook(request);
      return new Empty();
    }),
    invoke: createUnaryHandler((request: ResourceInvokeRequest) =>
      toDeclaredInvokeResponse(toStruct(answerInvoke(run, request.getTok(), readProperties(request.getArgs())))),
    ),
    signalAndWaitForShutdown: createUnaryHandler(waitForRelease),
    readResource: createUnsupportedHandler("Reading existing resources (`get`)"),
    call: createUnsupportedHandler("Calling methods of resources"),
    registerPackage: createUnsupportedHandler("Parameterized packages"),
    registerStackTransform: createUnsupportedHandler("Transforms"),
    registerStackInvokeTransform: createUnsupportedHandler("Invoke transforms"),
    getDeploymentInfo: createUnsupportedHandler("GetDeploymentInfo"),
  };
}

/** Converts to the class that the installed SDK declares: InvokeResponse in 3.248, ResourceInvokeResponse in later ones. */
function toDeclaredInvokeResponse(values: Struct): unknown {
  // Both have the same fields.
  return ResourceMonitorService.invoke.responseDeserialize(
    Buffer.from(new InvokeResponse().setReturn(values).serializeBinary()),
  );
}

function createEngineHandlers(run: Run, isClosed: () => boolean): UntypedServiceImplementation {
  let root = "";
  return {
    log: createUnaryHandler((request: LogRequest) => {
      const severity = (["debug", "info", "warning", "error"] as const)[request.getSeverity()] ?? "info";
      // Once closed, the program's messages are only about the shutdown.
      if (severity !== "debug" && !isClosed())
        run.journal.reportProgramOutput(severity, request.getUrn() || null, request.getMessage());
      return new Empty();
    }),
    getRootResource: createUnaryHandler(() => new GetRootResourceResponse().setUrn(root)),
    setRootResource: createUnaryHandler((request: SetRootResourceRequest) => {
      root = request.getUrn();
      return new SetRootResourceResponse();
    }),
    startDebugging: createUnaryHandler(() => new Empty()),
    requirePulumiVersion: createUnaryHandler(() => new RequirePulumiVersionResponse()),
  };
}

type Handler<Request, Response> = (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => void;

function createUnaryHandler<Request, Response>(
  answer: (request: Request) => Response | Promise<Response>,
): Handler<Request, Response> {
  return (call, callback) => {
    Promise.resolve()
      .then(() => answer(call.request))
      .then(
        (response) => callback(null, response),
        (error: unknown) =>
          callback({
            code: error instanceof UnavailableError ? status.UNAVAILABLE : status.UNKNOWN,
            details: getErrorMessage(error),
          }),
      );
  };
}

function createUnsupportedHandler(what: string): Handler<unknown, unknown> {
  return (_call, callback) =>
    callback({ code: status.UNIMPLEMENTED, details: `${what}: the embedded engine does not do that.` });
}
