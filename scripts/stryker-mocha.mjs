// A test runner for Stryker that runs mocha in its own process: Stryker's own knows no mocha 12, and a process for each
// mutant takes longer than the tests. Everything but the dependencies is loaded anew for each mutant, so constants count.
import { createRequire } from "node:module";
import { resolve, sep } from "node:path";
import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from "@stryker-mutator/api/plugin";
import { DryRunStatus, TestStatus, toMutantRunResult } from "@stryker-mutator/api/test-runner";

// Long, so that a busy machine is not taken for a mutant that was noticed; endless loops end by their count of hits.
const testMillis = 120_000;
const namespace = "__stryker__";

class MochaInProcess {
  constructor(options) {
    this.files = options.mocha.files;
    this.require = createRequire(resolve("package.json"));
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  init() {
    this.require("tsx/cjs");
    const loaded = this.require("mocha");
    this.Mocha = loaded.default ?? loaded;
  }

  async dryRun() {
    globalThis[namespace] = {};
    const result = await this.run(false);
    return { ...result, mutantCoverage: globalThis[namespace].mutantCoverage };
  }

  async mutantRun({ activeMutant, hitLimit }) {
    globalThis[namespace] = {
      activeMutant: activeMutant.id,
      ...(hitLimit === undefined ? {} : { hitCount: 0, hitLimit }),
    };
    try {
      return toMutantRunResult(await this.run(true));
    } finally {
      globalThis[namespace].activeMutant = undefined;
    }
  }

  async run(bail) {
    const root = resolve(".") + sep;
    for (const file of Object.keys(this.require.cache)) {
      if (file.startsWith(root) && !file.includes(`${sep}node_modules${sep}`)) delete this.require.cache[file];
    }
    const tests = [];
    const told = (test, status, more = {}) =>
      tests.push({ id: test.fullTitle(), name: test.fullTitle(), timeSpentMs: test.duration ?? 0, status, ...more });
    const mocha = new this.Mocha({ bail, timeout: testMillis, reporter: class {} });
    for (const file of this.files) mocha.addFile(resolve(file));
    try {
      mocha.loadFiles();
      await new Promise((done) => {
        mocha
          .run(done)
          .on("pass", (test) => told(test, TestStatus.Success))
          .on("pending", (test) => told(test, TestStatus.Skipped))
          .on("fail", (test, error) =>
            told(test, TestStatus.Failed, { failureMessage: String(error?.stack ?? error) }),
          );
      });
    } catch (error) {
      // A suite that cannot even be loaded has noticed the mutant.
      if (!bail) return { status: DryRunStatus.Error, errorMessage: String(error?.stack ?? error) };
      tests.push({
        id: "load",
        name: "load",
        timeSpentMs: 0,
        status: TestStatus.Failed,
        failureMessage: String(error),
      });
    } finally {
      mocha.unloadFiles();
    }
    return { status: DryRunStatus.Complete, tests };
  }
}

const create = (options) => new MochaInProcess(options);
create.inject = tokens(commonTokens.options);

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, "mocha-in-process", create)];
