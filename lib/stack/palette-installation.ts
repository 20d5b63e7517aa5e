import type { local } from "@pulumi/command";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type GateName } from "../gates/types.js";
import { type Edition } from "../matrix/types.js";
import { type ObservedRelease } from "../site/types.js";
import { type Version } from "../version/version.js";
import { gateCommand, type GateCommandArgs } from "./gate-command.js";
import { type GateEnvironment } from "./gate-environment.js";
import { descriptionFor } from "./step.js";

/** One Helm release as this update wants it. */
export interface DeclaredRelease {
  role: ObservedRelease["role"];
  name: string;
  namespace: string;
  /** Chart path relative to the program. */
  chart: string;
  chartVersion: string;
  /** Complete values; secret as a whole. Null in a preview that cannot reach the cluster: the recorded ones stay. */
  values: Record<string, unknown> | null;
  /** True where the version's chart takes over objects that were not Helm's before. */
  takeOwnership: boolean;
  /** True when the release is on the cluster: it is imported, never created. */
  exists: boolean;
  /** The name of its resource where somebody imported it by hand. */
  heldAs?: string;
}

export interface PaletteInstallationArgs {
  /** The version it comes from: the live one. Only an output: inputs depend on the destination alone. */
  from: Version;
  destination: Version;
  edition: Edition;
  matrix: string;
  clusterIdentifier: string;
  kubeconfig: string;
  context: string;
  releaseTimeoutSeconds: number;
  gatesBefore: GateName[];
  checksAfter: GateName[];
  /** Names of the installation's own checks, each a Command of its own. */
  ownBefore: string[];
  ownAfter: string[];
  /** Further environment entries of one gate's Command. */
  extra: Partial<Record<GateName, Record<string, string>>>;
  before: GateEnvironment;
  after: GateEnvironment;
  /** Judges again at the moment a release is about to move; throws to refuse. */
  guard: (release: string) => Promise<void>;
}

/** A Palette: gates, then its Helm releases in order, then the checks that prove it. */
export class PaletteInstallation extends pulumi.ComponentResource {
  readonly gates: local.Command[];

  constructor(
    name: string,
    private readonly args: PaletteInstallationArgs,
    options: pulumi.ComponentResourceOptions = {},
  ) {
    super(
      "palette:index:PaletteInstallation",
      name,
      { to: args.destination, edition: args.edition, matrix: args.matrix },
      options,
    );
    const named = args.gatesBefore.map((gate) =>
      gateCommand(`gate-${gate}`, { gate, environment: args.before, extra: args.extra[gate] ?? {} }, { parent: this }),
    );
    const own = args.ownBefore.map((check) =>
      gateCommand(`gate-own-check-${check}`, ownCheck(check, args.before), { parent: this }),
    );
    this.gates = [...named, ...own];
    this.registerOutputs({ from: args.from, to: args.destination, edition: args.edition, matrix: args.matrix });
  }

  /**
   * Declares the releases in the order they are to move, each after the one before it, the first after `dependsOn`.
   * Returns what is to be checked next.
   */
  declareReleases(releases: readonly DeclaredRelease[], dependsOn: pulumi.Resource[]): pulumi.Resource[] {
    if (releases.length === 0) return dependsOn;
    const provider = this.clusterProvider();
    let previous = dependsOn;
    for (const release of releases) previous = [this.release(release, provider, previous)];
    return previous;
  }

  /** Declares the checks of what is installed now, one after the other. */
  declareChecks(dependsOn: pulumi.Resource[]): local.Command[] {
    const { checksAfter, ownAfter, after: environment } = this.args;
    const wanted: [string, GateCommandArgs][] = [
      ...checksAfter.map((gate): [string, GateCommandArgs] => [`check-${gate}`, { gate, environment }]),
      ...ownAfter.map((check): [string, GateCommandArgs] => [`check-own-check-${check}`, ownCheck(check, environment)]),
    ];
    const checks: local.Command[] = [];
    for (const [name, args] of wanted) {
      const after = checks.length === 0 ? dependsOn : [checks.at(-1)!];
      checks.push(gateCommand(name, args, { parent: this, dependsOn: after }));
    }
    return checks;
  }

  /** `clusterIdentifier` is fixed by the settings: a moved API address must never plan a replace. */
  private clusterProvider(): kubernetes.Provider {
    const { args } = this;
    return new kubernetes.Provider(
      "management-cluster",
      {
        clusterIdentifier: args.clusterIdentifier,
        ...(args.kubeconfig === "" ? {} : { kubeconfig: args.kubeconfig }),
        ...(args.context === "" ? {} : { context: args.context }),
      },
      { parent: this },
    );
  }

  private release(
    release: DeclaredRelease,
    provider: kubernetes.Provider,
    dependsOn: pulumi.Resource[],
  ): kubernetes.helm.v3.Release {
    const { args } = this;
    const guard = new pulumi.ResourceHook(`guard-${release.role}`, () => args.guard(release.role));
    return new kubernetes.helm.v3.Release(
      release.role,
      {
        name: release.name,
        namespace: release.namespace,
        chart: release.chart,
        version: release.chartVersion,
        // Heeded by an install only; every cluster has the namespace default.
        ...(release.namespace === "default" ? {} : { createNamespace: true }),
        description: descriptionFor(args.destination),
        timeout: args.releaseTimeoutSeconds,
        maxHistory: 10,
        atomic: false,
        // The vendor never waits, and a pending load balancer would mark a good hop failed: the roll-out check judges.
        skipAwait: release.role === "hubble",
        ...(release.takeOwnership ? { takeOwnership: true } : {}),
        ...(release.values === null ? {} : { values: pulumi.secret(release.values) }),
      },
      {
        parent: this,
        provider,
        dependsOn,
        protect: true,
        retainOnDelete: true,
        aliases: [
          { parent: pulumi.rootStackResource },
          ...(release.heldAs === undefined ? [] : [{ parent: pulumi.rootStackResource, name: release.heldAs }]),
        ],
        additionalSecretOutputs: ["values"],
        hideDiffs: ["values"],
        ...(release.values === null ? { ignoreChanges: ["values"] } : {}),
        ...(release.exists ? { import: `${release.namespace}/${release.name}` } : {}),
        hooks: { beforeCreate: [guard], beforeUpdate: [guard] },
      },
    );
  }
}

function ownCheck(check: string, environment: GateEnvironment): GateCommandArgs {
  return { gate: "own-check", environment, extra: { CHECK: check } };
}
