// Preloaded by warm-up.cjs: keeps what a process has compiled when it ends.
const { keep } = require("./compiled.cjs");
process.once("exit", keep);
