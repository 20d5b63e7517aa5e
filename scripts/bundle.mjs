// Packs what starts often into single files: a stack update runs some twenty gate processes, and loading the Kubernetes
// client's thousand files takes longer than most gates do. Same sources, same behaviour; tsc has checked them before.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);

const options = {
  outdir: "dist",
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  minifyWhitespace: true,
  minifySyntax: true,
  // In a bundle Node does not know that a package asked for its deprecated module, and warns at each start.
  alias: { punycode: "punycode/punycode.js" },
  external: ["@pulumi/*", "@grpc/*", "google-protobuf", "log-update"],
  logLevel: "warning",
};
/** The command line with what one command needs alone, a part of the whole. The others stay where tsc put them. */
const bundleCommand = (name, needed) => {
  const alone = ({ kind, path, resolveDir }) =>
    kind === "dynamic-import" && resolveDir === join(root, "lib", "cli") && path !== needed
      ? { external: true, path: relative(join(root, "bin"), join(resolveDir, path)) }
      : undefined;
  const plugin = { name: "alone", setup: ({ onResolve }) => onResolve({ filter: /^\./ }, alone) };
  return build({ ...options, entryPoints: { [`bin/${name}`]: "bin/palette-upgrade.ts" }, plugins: [plugin] });
};
await build({ ...options, entryPoints: { program: "index.ts" } });
await bundleCommand("gate", "./gate/gate-command.js");
await bundleCommand("plan", "./plan/plan-command.js");

const { stampBuild } = require("../dist/lib/base/process/build-stamp.js");
const { stampCommit } = require("../dist/lib/base/process/tool-version.js");
const { compile, forget, keep } = require("./compiled.cjs");
writeFileSync(
  `${root}dist/index.js`,
  'module.exports = require("../scripts/compiled.cjs").run(`${__dirname}/program.js`);\n',
);
stampBuild(root);
stampCommit(root.replace(/\/$/, ""));
for (const file of ["bin/gate.js", "bin/plan.js", "program.js"]) {
  forget(`${root}dist/${file}`);
  compile(`${root}dist/${file}`);
}
keep();
try {
  execFileSync(process.execPath, [`${root}scripts/warm-up.cjs`], {
    stdio: ["ignore", "ignore", "pipe"],
    timeout: 180_000,
  });
} catch (error) {
  console.warn(`The build is complete, but gates and previews start slower: the warm-up failed.\n${error.message}`);
}
