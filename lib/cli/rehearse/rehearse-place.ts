import { InvalidInputError } from "../../base/errors/errors.js";
import { connectCluster, type ConnectedCluster } from "../../../packages/rehearsal/lib/cluster/cluster-site.js";
import { checkHelm } from "../../site/helm/command.js";
import { runClusterRehearsal } from "../../../packages/rehearsal/lib/cluster/rehearse-on-cluster.js";
import { runRehearsal, type RehearsalResult, type RehearsalOptions } from "../../../packages/rehearsal/lib/rehearse.js";

/** What a rehearsal runs on. */
interface RehearsalTarget {
  /** Describes what is touched, for the note below the plan. */
  description: string | undefined;
  /** Runs the rehearsal; `resumes`: an interrupted one is resumed. */
  run(options: RehearsalOptions, resumes: boolean): Promise<RehearsalResult>;
}

export interface TargetOptions {
  kubeconfig?: string;
  context?: string;
  image?: string;
  pace?: number;
  fault: string[];
}

const defaultImage = "rancher/mirrored-pause:3.10";
const defaultPace = 60;
const helm = "helm";
/** Faults of what is simulated even on a real cluster: the gateways and MongoDB's answers. */
const clusterFaults = new Set([
  "member-recovering",
  "member-lagging",
  "two-primaries",
  "fcv-6.0",
  "pcg-paused",
  "pcg-agent-stale",
  "pcg-profile-update-waiting",
  "tenant-not-covered",
]);

/**
 * Opens the simulated site, or connects to the cluster that `--kubeconfig` names.
 * @throws InvalidInputError `FAULT_NOT_HERE`, `KUBECONFIG_UNREADABLE`, `HELM_MISSING`, `OPTION_WITHOUT_CLUSTER`; RefusedError `HELM_OLD`.
 */
export async function openRehearsalTarget(
  options: TargetOptions,
  environment: NodeJS.ProcessEnv,
): Promise<RehearsalTarget> {
  if (options.kubeconfig === undefined) {
    refuseClusterOptions(options);
    return { description: undefined, run: (rehearsal) => runRehearsal(rehearsal) };
  }
  refuseForeignFaults(options.fault);
  const cluster = await connectCluster(options.kubeconfig, options.context ?? null);
  try {
    await checkHelm(helm, environment);
  } catch (error) {
    cluster.upstream.close();
    throw error;
  }
  return {
    description: describeCluster(cluster, options.kubeconfig),
    run: (rehearsal, resumes) =>
      runClusterRehearsal({
        ...rehearsal,
        cluster,
        resumes,
        helm: { program: helm, environment },
        image: options.image ?? defaultImage,
        pace: options.pace ?? defaultPace,
      }),
  };
}

function describeCluster({ server }: ConnectedCluster, kubeconfig: string): string {
  return (
    `embedded engine and Helm on the cluster at ${server} (${kubeconfig}), which must be a throwaway one: stand-in charts, ` +
    "no Palette. Gateways and MongoDB's answers are simulated; the rest is the cluster's own."
  );
}

function refuseClusterOptions({ context, image, pace }: TargetOptions): void {
  const given = Object.entries({ "--context": context, "--image": image, "--pace": pace });
  const first = given.find(([, value]) => value !== undefined)?.[0];
  if (first === undefined) return;
  throw new InvalidInputError("OPTION_WITHOUT_CLUSTER", `${first} says something of a cluster, and none is named.`, {
    next: "Add --kubeconfig FILE of a throwaway cluster, or leave it out.",
  });
}

function refuseForeignFaults(faults: readonly string[]): void {
  const foreign = faults.find((name) => !clusterFaults.has(name));
  if (foreign === undefined) return;
  throw new InvalidInputError(
    "FAULT_NOT_HERE",
    `--fault ${foreign} is of the simulated cluster, and --kubeconfig names a real one.`,
    {
      next: `Do it to the cluster itself, or order one of ${[...clusterFaults].join(", ")}.`,
    },
  );
}
