// Runs a CommonJS file with the compiled code V8 kept for it: for a bundle of some megabytes that saves a third of its start.
// A cache of another V8, or of another source, is refused by V8 itself, and the file is compiled as usual.
const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { dirname } = require("node:path");
const vm = require("node:vm");

function compile(file) {
  const cache = `${file}.cache`;
  return new vm.Script(Module.wrap(readFileSync(file, "utf8")), {
    filename: file,
    ...(existsSync(cache) ? { cachedData: readFileSync(cache) } : {}),
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
}

function execute(script, file) {
  const module = new Module(file, null);
  module.filename = file;
  module.paths = Module._nodeModulePaths(dirname(file));
  script
    .runInThisContext()
    .call(module.exports, module.exports, Module.createRequire(file), module, file, dirname(file));
}

exports.run = (file) => execute(compile(file), file);
/** Compiles once and keeps what V8 makes of it beside the file. */
exports.keep = (file) => writeFileSync(`${file}.cache`, compile(file).createCachedData());
