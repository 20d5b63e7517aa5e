"use strict";
// Declares what configuration says, so that each case of the engine tests is a table of resources.
// In arguments: {"$output": "name.property"} is another resource's output, {"$secret": value} a secret.
const fs = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const { local } = require("@pulumi/command");

const config = new pulumi.Config();
const log = config.require("log");
const made = new Map();
const hooks = new Map();

class Group extends pulumi.ComponentResource {
  constructor(name, args, options) {
    super("test:index:Group", name, args, options);
  }
}

function resolve(value) {
  if (Array.isArray(value)) return value.map(resolve);
  if (value === null || typeof value !== "object") return value;
  if ("$secret" in value) return pulumi.secret(resolve(value.$secret));
  if ("$output" in value) {
    const [name, property] = value.$output.split(".");
    return made.get(name)[property];
  }
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, resolve(child)]));
}

function hook({ name, fails, onDryRun, reports, retries }) {
  if (hooks.has(name)) return hooks.get(name);
  if (retries !== undefined) return errorHook(name, retries);
  const callback = async (args) => {
    fs.appendFileSync(log, `hook ${name} ${args.name}${reports ? ` ${await readPath(args, reports)}` : ""}\n`);
    if (fails) throw new Error(fails);
  };
  const made = new pulumi.ResourceHook(name, callback, onDryRun ? { onDryRun: true } : {});
  hooks.set(name, made);
  return made;
}

function errorHook(name, retries) {
  const callback = async (args) => {
    fs.appendFileSync(log, `hook ${name} ${args.failedOperation} ${args.errors.length}\n`);
    return args.errors.length <= retries;
  };
  const made = new pulumi.ErrorHook(name, callback);
  hooks.set(name, made);
  return made;
}

async function readPath(args, path) {
  const [part, ...rest] = path.split(".");
  return JSON.stringify(rest.reduce((value, key) => value?.[key], args[part]));
}

function options({ dependsOn = [], parent, hooks: bound = {}, aliases, options = {} }) {
  return {
    ...options,
    ...(parent ? { parent: made.get(parent) } : {}),
    ...(aliases
      ? { aliases: aliases.map((alias) => (alias.root ? { parent: pulumi.rootStackResource } : alias)) }
      : {}),
    dependsOn: dependsOn.map((name) => made.get(name)),
    hooks: Object.fromEntries(Object.entries(bound).map(([kind, list]) => [kind, list.map(hook)])),
  };
}

function refusal(message) {
  const error = new pulumi.RunError(message);
  // Node 20.20 takes half a minute to colour some stacks, and nobody is shown this one.
  error.stack = undefined;
  return error;
}

async function reportKnown(outputs) {
  for (const [key, output] of Object.entries(outputs)) {
    fs.appendFileSync(log, `${key} ${(await output.isKnown) ? "known" : "unknown"}\n`);
  }
}

module.exports = async () => {
  for (const resource of config.requireObject("resources")) {
    const { name, args = {}, outputs } = resource;
    if (resource.throws) throw refusal(resource.throws);
    if (resource.says) {
      await pulumi.log[resource.severity ?? "info"](resource.says);
      continue;
    }
    const type = resource.group ? Group : local.Command;
    const it = new type(name, resolve(args), options(resource));
    made.set(name, it);
    if (resource.group) it.registerOutputs(resolve(outputs ?? {}));
  }
  const outputs = resolve(config.getObject("outputs") ?? {});
  if (config.getBoolean("reportsKnown")) await reportKnown(outputs);
  return outputs;
};
