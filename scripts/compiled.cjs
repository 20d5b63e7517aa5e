// Runs a CommonJS file with the compiled code V8 kept for it: a bundle of some megabytes then starts without compiling.
// A cache of a source of another length is refused by V8 itself, and the file is compiled as usual.
const { existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { basename, dirname, join } = require("node:path");
const vm = require("node:vm");

const scripts = new Map();

// V8 takes what another build of the same V8 kept for its own, and crashes: Node 20.19.6 did on the code of 20.20.2.
const node = `${process.version}-${process.arch}-${statSync(process.execPath).size}`;
const getCache = (file) => `${file}.${node}.cache`;

function compile(file) {
  const cache = getCache(file);
  const script = new vm.Script(Module.wrap(readFileSync(file, "utf8")), {
    filename: file,
    ...(existsSync(cache) ? { cachedData: readFileSync(cache) } : {}),
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  scripts.set(file, script);
  return script;
}

/** Runs the file as `require` would; returns what it exports. */
exports.run = (file) => {
  const module = new Module(file, null);
  module.filename = file;
  module.paths = Module._nodeModulePaths(dirname(file));
  compile(file)
    .runInThisContext()
    .call(module.exports, module.exports, Module.createRequire(file), module, file, dirname(file));
  return module.exports;
};
exports.compile = compile;
exports.getCache = getCache;
/** Removes what any Node has kept of the file: V8 knows a source by its length alone. */
exports.forget = (file) => {
  const isKept = (name) => name.startsWith(`${basename(file)}.`) && name.endsWith(".cache");
  for (const name of readdirSync(dirname(file)).filter(isKept)) rmSync(join(dirname(file), name));
};
/** Keeps beside each file compiled so far what V8 has made of it, the functions called until now included. */
exports.keep = () => {
  for (const [file, script] of scripts) {
    const part = `${getCache(file)}.${process.pid}`;
    writeFileSync(part, script.createCachedData());
    renameSync(part, getCache(file));
  }
};
