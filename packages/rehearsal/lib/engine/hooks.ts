import { credentials, type ServiceError } from "@grpc/grpc-js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { CallbacksClient } from "@pulumi/pulumi/proto/callback_grpc_pb.js";
import { CallbackInvokeRequest, type Callback } from "@pulumi/pulumi/proto/callback_pb.js";
import {
  ErrorHookRequest,
  ErrorHookResponse,
  ResourceHookRequest,
  ResourceHookResponse,
  type RegisterErrorHookRequest,
  type RegisterResourceHookRequest,
} from "@pulumi/pulumi/proto/resource_pb.js";
import type { Properties } from "./values/values.js";

/**
 * The arguments of a hook about its step. Secrets carry their marks; an old secret is the text `[secret]` unless it is
 * unchanged.
 */
export interface HookArguments {
  urn: string;
  id: string;
  name: string;
  type: string;
  newInputs?: Properties;
  oldInputs?: Properties;
  newOutputs?: Properties;
  oldOutputs?: Properties;
}

interface RegisteredHook {
  onDryRun: boolean;
  ignoreErrors: boolean;
  /** Resolves to null, or to what the hook threw. */
  call(args: HookArguments): Promise<string | null>;
}

type ErrorHook = (
  args: HookArguments,
  operation: string,
  errors: readonly string[],
) => Promise<{ retry: boolean; error: string | null }>;

/** The hooks a program registered in this run: functions in its process, called over its callback server. */
export interface HookRegistry {
  register(request: RegisterResourceHookRequest): void;
  registerErrorHook(request: RegisterErrorHookRequest): void;
  get(name: string): RegisteredHook | undefined;
  getErrorHook(name: string): ErrorHook | undefined;
  close(): void;
}

export function createHookRegistry(): HookRegistry {
  const hooks = new Map<string, RegisteredHook>();
  const errorHooks = new Map<string, ErrorHook>();
  const clients = new Map<string, CallbacksClient>();
  const getClient = (callback: Callback): CallbacksClient => {
    const target = callback.getTarget();
    const client =
      clients.get(target) ??
      new CallbacksClient(target, credentials.createInsecure(), { "grpc.max_receive_message_length": -1 });
    clients.set(target, client);
    return client;
  };
  const refuseDuplicate = (taken: boolean, name: string): void => {
    if (taken) throw new Error(`resource hook already registered for name "${name}"`);
  };
  return {
    register(request) {
      refuseDuplicate(hooks.has(request.getName()), request.getName());
      const callback = request.getCallback()!;
      hooks.set(request.getName(), {
        onDryRun: request.getOnDryRun(),
        ignoreErrors: request.getIgnoreErrors(),
        call: async (args) => {
          const reply = await invokeCallback(
            getClient(callback),
            callback.getToken(),
            createHookRequest(args).serializeBinary(),
          );
          return ResourceHookResponse.deserializeBinary(reply).getError() || null;
        },
      });
    },
    registerErrorHook(request) {
      refuseDuplicate(errorHooks.has(request.getName()), request.getName());
      const callback = request.getCallback()!;
      errorHooks.set(request.getName(), async (args, operation, errors) => {
        const bytes = createErrorHookRequest(args, operation, errors).serializeBinary();
        const response = ErrorHookResponse.deserializeBinary(
          await invokeCallback(getClient(callback), callback.getToken(), bytes),
        );
        return { retry: response.getRetry(), error: response.getError() || null };
      });
    },
    get: (name) => hooks.get(name),
    getErrorHook: (name) => errorHooks.get(name),
    close: () => clients.forEach((client) => client.close()),
  };
}

function createHookRequest(args: HookArguments): ResourceHookRequest {
  const request = new ResourceHookRequest().setUrn(args.urn).setId(args.id).setName(args.name).setType(args.type);
  if (args.newInputs !== undefined) request.setNewInputs(toStruct(args.newInputs));
  if (args.oldInputs !== undefined) request.setOldInputs(toStruct(args.oldInputs));
  if (args.newOutputs !== undefined) request.setNewOutputs(toStruct(args.newOutputs));
  if (args.oldOutputs !== undefined) request.setOldOutputs(toStruct(args.oldOutputs));
  return request;
}

function createErrorHookRequest(args: HookArguments, operation: string, errors: readonly string[]): ErrorHookRequest {
  const request = new ErrorHookRequest().setUrn(args.urn).setId(args.id).setName(args.name).setType(args.type);
  if (args.newInputs !== undefined) request.setNewInputs(toStruct(args.newInputs));
  if (args.oldInputs !== undefined) request.setOldInputs(toStruct(args.oldInputs));
  if (args.oldOutputs !== undefined) request.setOldOutputs(toStruct(args.oldOutputs));
  return request.setFailedOperation(operation).setErrorsList([...errors]);
}

export function toStruct(properties: Properties): Struct {
  return Struct.fromJavaScript(properties);
}

function invokeCallback(client: CallbacksClient, token: string, bytes: Uint8Array): Promise<Uint8Array> {
  const request = new CallbackInvokeRequest().setToken(token).setRequest(bytes);
  return new Promise((resolve, reject) => {
    client.invoke(request, (error: ServiceError | null, response) => {
      if (error !== null) reject(error);
      else resolve(response.getResponse_asU8());
    });
  });
}
