// Runs a CommonJS file with the compiled code V8 kept for it: a bundle of some megabytes then starts without compiling.
// A cache of another V8, or of another source, is refused by V8 itself, and the file is compiled as usual.
const { existsSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { dirname } = require("node:path");
const vm = require("node:vm");

const scripts = new Map();

function compile(file) {
  const cache = `${file}.cache`;
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
/** Keeps beside each file compiled so far what V8 has made of it, the functions called until now included. */
exports.keep = () => {
  for (const [file, script] of scripts) {
    const part = `${file}.cache.${process.pid}`;
    writeFileSync(part, script.createCachedData());
    renameSync(part, `${file}.cache`);
  }
};
