import {
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServiceDefinition,
  type UntypedHandleCall,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { getErrorMessage } from "../../../lib/base/errors/errors.js";

const largestMessage = 400 * 1024 * 1024;
const parentCheckMs = 500;

/**
 * Serves a plugin as the engine expects it: on loopback, with its port as the first line of output. Ends when the engine
 * is gone, after `onOrphaned`.
 */
export function servePlugin(
  service: ServiceDefinition,
  implementation: UntypedServiceImplementation,
  onOrphaned: () => Promise<void>,
): void {
  const server = new Server({
    "grpc.max_receive_message_length": largestMessage,
    "grpc.max_send_message_length": largestMessage,
  });
  server.addService(service, implementation);
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error !== null) throw error;
    process.stdout.write(`${port}\n`);
  });
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    void onOrphaned().finally(() => process.exit(1));
  }, parentCheckMs);
}

/** Answers a call with what `handle` returns; an error becomes the call's own. */
export function createHandler<Request, Response>(
  handle: (request: Request) => Response | Promise<Response>,
): UntypedHandleCall {
  return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => {
    Promise.resolve(call.request)
      .then(handle)
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback({ code: status.UNKNOWN, details: getErrorMessage(error) }),
      );
  };
}

/** The engine's address: the last argument; options come before it. */
export function getEngineAddress(): string {
  const address = process.argv.slice(2).findLast((argument) => !argument.startsWith("-"));
  if (address === undefined) throw new Error("a plugin is started by the engine, with the engine's address");
  return address;
}
