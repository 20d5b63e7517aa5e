import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import type { Alias as AliasMessage } from "@pulumi/pulumi/proto/alias_pb.js";
import type { HookKind } from "./state.js";
import type { Alias } from "./values/urn.js";
import type { Properties } from "./values/values.js";

/** A program's declaration of a resource: the parts of Pulumi's RegisterResourceRequest that this engine supports. */
export interface Registration {
  type: string;
  name: string;
  custom: boolean;
  parent: string;
  inputs: Properties;
  dependencies: string[];
  /** `<urn>::<id>`; empty: none stated. */
  provider: string;
  /** Providers a component hands down, by package. */
  providers: Map<string, string>;
  protect: boolean | undefined;
  retainOnDelete: boolean | undefined;
  deleteBeforeReplace: boolean;
  ignoreChanges: string[];
  replaceOnChanges: string[];
  additionalSecretOutputs: string[];
  aliases: Alias[];
  importId: string;
  hooks: Partial<Record<HookKind, string[]>>;
}

export function readRegistration(request: RegisterResourceRequest): Registration {
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    parent: request.getParent(),
    inputs: readProperties(request.getObject()),
    dependencies: [...request.getDependenciesList()].sort(),
    provider: request.getProvider(),
    providers: new Map(request.getProvidersMap().entries() as IterableIterator<[string, string]>),
    protect: request.hasProtect() ? request.getProtect() : undefined,
    retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
    deleteBeforeReplace: request.getDeletebeforereplace(),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: request.getAliasesList().map(readAlias),
    importId: request.getImportid(),
    hooks: readHooks(request.getHooks()),
  };
}

export function readProperties(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

function readAlias(message: AliasMessage): Alias {
  if (!message.hasSpec()) return { urn: message.getUrn() };
  const spec = message.getSpec()!;
  const stated = {
    name: spec.getName(),
    type: spec.getType(),
    stack: spec.getStack(),
    project: spec.getProject(),
    parent: spec.getParenturn(),
  };
  const given = Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== ""));
  return { ...given, noParent: spec.getNoparent() };
}

function readHooks(binding: RegisterResourceRequest.ResourceHooksBinding | undefined): Registration["hooks"] {
  if (binding === undefined) return {};
  const lists: Record<HookKind, string[]> = {
    beforeCreate: binding.getBeforeCreateList(),
    afterCreate: binding.getAfterCreateList(),
    beforeUpdate: binding.getBeforeUpdateList(),
    afterUpdate: binding.getAfterUpdateList(),
    beforeDelete: binding.getBeforeDeleteList(),
    afterDelete: binding.getAfterDeleteList(),
    onError: binding.getOnErrorList(),
  };
  return Object.fromEntries(Object.entries(lists).filter(([, names]) => names.length > 0));
}
