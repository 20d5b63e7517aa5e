// Packs what starts often into single files: a stack update runs some twenty gate processes, and loading the Kubernetes
// client's thousand files takes longer than most gates do. Same sources, same behaviour; tsc has checked them before.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);

await build({
  entryPoints: { "bin/gate": "bin/palette-upgrade.ts", program: "index.ts" },
  outdir: "dist",
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  minifyWhitespace: true,
  minifySyntax: true,
  external: ["@pulumi/*", "@grpc/*", "google-protobuf", "log-update"],
  logLevel: "warning",
});

const { stampBuild } = require("../dist/lib/base/process/build-stamp.js");
const { stampCommit } = require("../dist/lib/base/process/tool-version.js");
const { compile, forget, keep } = require("./compiled.cjs");
writeFileSync(
  `${root}dist/index.js`,
  'module.exports = require("../scripts/compiled.cjs").run(`${__dirname}/program.js`);\n',
);
stampBuild(root);
stampCommit(root.replace(/\/$/, ""));
for (const file of ["bin/gate.js", "program.js"]) {
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
