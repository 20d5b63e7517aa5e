// Packs what starts often into single files: a stack update runs some twenty gate processes, and loading the Kubernetes
// client's thousand files takes longer than most gates do. Same sources, same behaviour; tsc has checked them before.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

await build({
  entryPoints: { "bin/gate": "bin/palette-upgrade.ts", index: "index.ts" },
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

const root = fileURLToPath(new URL("..", import.meta.url));
const { stampBuild } = createRequire(import.meta.url)("../dist/lib/base/process/build-stamp.js");
const { stampCommit } = createRequire(import.meta.url)("../dist/lib/base/process/tool-version.js");
stampBuild(root);
stampCommit(root.replace(/\/$/, ""));
createRequire(import.meta.url)("./compiled.cjs").keep(fileURLToPath(new URL("../dist/bin/gate.js", import.meta.url)));
