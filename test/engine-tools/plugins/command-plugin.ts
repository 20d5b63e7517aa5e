/**
 * A plugin for `command:local:Command` by the public ResourceProvider contract, for tests where Pulumi's own is not on
 * PATH: the embedded engine's provider behind the protocol.
 */
import { credentials } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { type Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb.js";
import { PluginInfo, type PluginAttach } from "@pulumi/pulumi/proto/plugin_pb.js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import {
  CheckFailure,
  CheckResponse,
  ConfigureResponse,
  CreateResponse,
  DiffResponse,
  PropertyDiff,
  ReadResponse,
  UpdateResponse,
  type CheckRequest,
  type CreateRequest,
  type DeleteRequest,
  type DiffRequest,
  type ReadRequest,
  type UpdateRequest,
} from "@pulumi/pulumi/proto/provider_pb.js";
import { toStruct } from "../../../packages/rehearsal/lib/engine/hooks.js";
import { commandType, createCommandProvider } from "../../../packages/rehearsal/lib/engine/providers/command.js";
import { type ProviderContext } from "../../../packages/rehearsal/lib/engine/providers/provider.js";
import { diffPaths } from "../../../packages/rehearsal/lib/engine/values/property-path.js";
import { createSealer } from "../../../packages/rehearsal/lib/engine/values/seal.js";
import { revealAll, type Properties } from "../../../packages/rehearsal/lib/engine/values/values.js";
import { createHandler, getEngineAddress, servePlugin } from "./serve-plugin.js";

let engine = connectToEngine(getEngineAddress());
let cancelled = new AbortController();
/** A secret differs as a whole, whatever it holds. */
const sealer = createSealer("");
const commandProvider = createCommandProvider();
const running = new Set<Promise<unknown>>();

function connectToEngine(address: string): EngineClient {
  return new EngineClient(address, credentials.createInsecure());
}

/** One process may serve many runs (`PULUMI_DEBUG_PROVIDERS`): each begins with its engine's address. */
function attach(request: PluginAttach): Empty {
  engine.close();
  engine = connectToEngine(request.getAddress());
  cancelled = new AbortController();
  return new Empty();
}

function read(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

function createContext(urn: string): ProviderContext {
  return {
    urn,
    name: urn.split("::").at(-1) ?? "",
    type: commandType,
    signal: cancelled.signal,
    cwd: process.cwd(),
    environment: process.env,
    configuration: {},
    log: (line) => {
      const entry = new LogRequest().setSeverity(LogSeverity.INFO).setMessage(line).setUrn(urn).setEphemeral(false);
      engine.log(entry, () => undefined);
    },
  };
}

/** Keeps the process until the work has ended, also without an engine. */
function track<T>(work: Promise<T>): Promise<T> {
  const settled = work.catch(() => undefined).finally(() => running.delete(settled));
  running.add(settled);
  return work;
}

async function check(request: CheckRequest): Promise<CheckResponse> {
  const { inputs, failures } = await commandProvider.check!(read(request.getNews()), createContext(request.getUrn()));
  return new CheckResponse()
    .setInputs(toStruct(inputs))
    .setFailuresList(
      failures.map(({ property, reason }) => new CheckFailure().setProperty(property).setReason(reason)),
    );
}

function diff(request: DiffRequest): DiffResponse {
  const paths = diffPaths(sealer.seal(read(request.getOldInputs())), sealer.seal(read(request.getNews())));
  const replaces = new Set(commandProvider.selectReplacePaths!(paths));
  const response = new DiffResponse()
    .setChanges(paths.length === 0 ? DiffResponse.DiffChanges.DIFF_NONE : DiffResponse.DiffChanges.DIFF_SOME)
    .setHasdetaileddiff(true)
    .setDiffsList([...new Set(paths.map((path) => path.split(/[.[]/)[0]!))])
    .setReplacesList(replaces.size === 0 ? [] : ["triggers"]);
  for (const path of paths) {
    const kind = replaces.has(path) ? PropertyDiff.Kind.UPDATE_REPLACE : PropertyDiff.Kind.UPDATE;
    response.getDetaileddiffMap().set(path, new PropertyDiff().setKind(kind).setInputdiff(true));
  }
  return response;
}

/** In a preview, outputs that are not known yet are left out. */
async function create(request: CreateRequest): Promise<CreateResponse> {
  const inputs = read(request.getProperties());
  const context = createContext(request.getUrn());
  if (request.getPreview())
    return new CreateResponse().setId(commandProvider.planId!(context)).setProperties(toStruct(inputs));
  const { id, outputs } = await track(commandProvider.create(revealAll(inputs), context));
  return new CreateResponse().setId(id).setProperties(toStruct({ ...outputs, ...inputs }));
}

async function update(request: UpdateRequest): Promise<UpdateResponse> {
  const inputs = read(request.getNews());
  if (request.getPreview()) return new UpdateResponse().setProperties(toStruct(inputs));
  const olds = { inputs: readRevealed(request.getOldInputs()), outputs: readRevealed(request.getOlds()) };
  const { outputs } = await track(
    commandProvider.update(request.getId(), olds, revealAll(inputs), createContext(request.getUrn())),
  );
  return new UpdateResponse().setProperties(toStruct({ ...outputs, ...inputs }));
}

async function remove(request: DeleteRequest): Promise<Empty> {
  const olds = { inputs: readRevealed(request.getOldInputs()), outputs: readRevealed(request.getProperties()) };
  await track(commandProvider.delete(request.getId(), olds, createContext(request.getUrn())));
  return new Empty();
}

function readRevealed(struct: Struct | undefined): Properties {
  return revealAll(read(struct));
}

function readBack(request: ReadRequest): ReadResponse {
  return new ReadResponse()
    .setId(request.getId())
    .setProperties(request.getProperties())
    .setInputs(request.getInputs());
}

servePlugin(
  ResourceProviderService,
  {
    getPluginInfo: createHandler(() => new PluginInfo().setVersion("1.2.1")),
    checkConfig: createHandler((request: CheckRequest) => new CheckResponse().setInputs(request.getNews())),
    diffConfig: createHandler(() => new DiffResponse().setChanges(DiffResponse.DiffChanges.DIFF_NONE)),
    configure: createHandler(() => new ConfigureResponse().setSupportspreview(true).setAcceptsecrets(true)),
    attach: createHandler(attach),
    check: createHandler(check),
    diff: createHandler(diff),
    create: createHandler(create),
    update: createHandler(update),
    delete: createHandler(remove),
    read: createHandler(readBack),
    cancel: createHandler(() => {
      cancelled.abort();
      return new Empty();
    }),
  },
  async () => {
    await Promise.all(running);
  },
);
