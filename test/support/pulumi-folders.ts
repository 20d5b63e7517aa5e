import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import semver from "semver";

/**
 * Lists the folders in which Pulumi keeps programs itself: `PULUMI_HOME/bin`, and of each plugin below
 * `PULUMI_HOME/plugins` the newest version.
 */
function listPulumiFolders(environment: NodeJS.ProcessEnv): string[] {
  const home = environment.PULUMI_HOME || join(homedir(), ".pulumi");
  const plugins = join(home, "plugins");
  const newest = new Map<string, string>();
  for (const folder of existsSync(plugins) ? readdirSync(plugins) : []) {
    const [, name, version] = /^((?:resource|language)-.+)-v(\d[^/]*)$/.exec(folder) ?? [];
    if (name === undefined || semver.valid(version) === null) continue;
    const known = newest.get(name);
    if (known === undefined || semver.gt(version!, known)) newest.set(name, version!);
  }
  const folders = [...newest].map(([name, version]) => join(plugins, `${name}-v${version}`));
  return [join(home, "bin"), ...folders.sort()].filter((folder) => existsSync(folder));
}

/** Puts them behind what is on PATH: the suites give the engine a PULUMI_HOME of their own, so it finds them there alone. */
export function putPulumiOnPath(environment: NodeJS.ProcessEnv): void {
  const onPath = (environment.PATH ?? "").split(delimiter);
  const more = listPulumiFolders(environment).filter((folder) => !onPath.includes(folder));
  environment.PATH = [...onPath, ...more].join(delimiter);
}
