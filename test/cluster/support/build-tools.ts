import { resolve } from "node:path";
import { type BuildPlan, type GoModule, planBuild, readPinnedVersion } from "../../support/go-build.js";

const module: GoModule = { folder: resolve(__dirname, "../tools"), name: "cluster", niceness: 0 };

/** Plans the build of the control plane's programs, with the version that Kubernetes' own build writes into them. */
export function planToolBuild(environment: NodeJS.ProcessEnv): BuildPlan {
  const version = readPinnedVersion(module, "k8s.io/kubernetes");
  const [major, minor] = version.slice(1).split(".");
  const values = { gitVersion: version, gitMajor: major, gitMinor: minor };
  const names = Object.entries(values).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
  return planBuild(module, ["-tags", "grpcnotrace", "-ldflags", `-s -w ${names.join(" ")}`], environment);
}
