import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { findPackageRoot } from "../../lib/base/process/package-root.js";

/** Plugins of ours, each in the place of Pulumi's own, by the source that serves it. */
const sources = {
  "pulumi-language-nodejs": "language-host",
  "pulumi-resource-command": "command-plugin",
} as const;

export type PluginName = keyof typeof sources;
export const pluginNames = Object.keys(sources) as PluginName[];

/** Packs one plugin into a folder of its own, to be put before PATH; returns the folder. */
export function buildPlugin(name: PluginName): string {
  const root = findPackageRoot();
  const folder = join(root, "dist", "engine-tools", name);
  const script = join(folder, `${name}.cjs`);
  mkdirSync(folder, { recursive: true });
  buildSync({
    entryPoints: [join(root, "test", "engine-tools", "plugins", `${sources[name]}.ts`)],
    outfile: script,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    external: ["@pulumi/*", "@grpc/*", "google-protobuf"],
    logLevel: "warning",
  });
  const launcher = join(folder, name);
  writeFileSync(launcher, `#!/bin/sh\nexec "${process.execPath}" "${script}" "$@"\n`);
  chmodSync(launcher, 0o755);
  return folder;
}
