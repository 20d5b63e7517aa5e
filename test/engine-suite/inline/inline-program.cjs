"use strict";
// Runs a program in this process as `@pulumi/pulumi/cmd/run` runs it in one of its own: the SDK declares no interface for that.
const { AsyncLocalStorage } = require("node:async_hooks");
const { join } = require("node:path");
const { setTimeout: sleep } = require("node:timers/promises");
const errors = require("@pulumi/pulumi/errors");
const log = require("@pulumi/pulumi/log");
const config = require("@pulumi/pulumi/runtime/config");
const settings = require("@pulumi/pulumi/runtime/settings");
const stack = require("@pulumi/pulumi/runtime/stack");
const state = require("@pulumi/pulumi/runtime/state");

/** By which the SDK says that the error has been reported. */
const reportedExitCode = 32;
// The SDK makes a stack trace for each promise; mapped to sources, they take a quarter of the time.
process.setSourceMapsEnabled(false);
Error.stackTraceLimit = 4;
// A later engine may get the port of an earlier one: its program must not be given the connection that broke then.
settings.grpcClientOptions["grpc.use_local_subchannel_pool"] = 1;
/** How each run reports an error: what a run has left behind may fail when the next one has begun, and is not the next one's. */
const reports = new AsyncLocalStorage();
process.setMaxListeners(0);
for (const event of ["uncaughtException", "unhandledRejection"])
  process.on(event, (error) => (reports.getStore() ?? console.error)(error));

exports.runInline = (run) =>
  state.withLocalStorage(async () => {
    const seen = new Set();
    const report = AsyncLocalStorage.bind((error) => {
      if (seen.has(error)) return;
      seen.add(error);
      if (errors.RunError.isInstance(error) || errors.ResourceError.isInstance(error)) void log.error(error.message);
      else if (!errors.isGrpcError(error)) void log.error(`Unhandled exception: ${error?.stack ?? error}`);
    });
    settings.resetOptions(
      run.project,
      run.stack,
      run.parallelism,
      run.engine,
      run.monitor,
      run.dryRun,
      run.organization,
    );
    config.setAllConfig(run.config, run.secretKeys);
    const end = new AbortController();
    const ended = reports.run(report, () => runToEnd(run, seen, report));
    const code = await Promise.race([ended, waitForTermination(end.signal)]);
    end.abort();
    return code;
  });

async function runToEnd(run, seen, report) {
  try {
    await stack.runInPulumiStack(() => load(run.programDirectory)());
  } catch (error) {
    report(error);
  }
  await new Promise((resolve) => setImmediate(resolve));
  await settings.disconnect(seen.size === 0);
  return seen.size === 0 ? 0 : reportedExitCode;
}

/** Resolves some time after the engine has closed: then a process would find nothing more to do, and end. */
async function waitForTermination(signal) {
  while (!signal.aborted && !state.getStore().terminated) await sleep(5);
  await sleep(5);
  return reportedExitCode;
}

/** A program keeps what it declared in its module. */
function load(folder) {
  const file = require.resolve(join(folder, "index.js"));
  delete require.cache[file];
  return require(file);
}
