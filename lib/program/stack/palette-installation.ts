import { type local } from "@pulumi/command";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type GateName } from "../../gates/verdict/types.js";
import { type Edition } from "../../planning/matrix/types.js";
import { type DeclaredRelease } from "../step/releases/declared-release.js";
import { type Version } from "../../planning/version/version.js";
import { declareGateCommand, type GateCommandArgs } from "./gate-command.js";
import { type CreateGateRequest } from "./gate-requests.js";
import { formatMarker } from "../../site/helm/releases.js";

interface PaletteInstallationArgs {
  /** The installed version. Only an output: inputs depend on the destination alone. */
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
  request: CreateGateRequest;
  /** Judges the gates again right before a release moves; throws to refuse. */
  guard: (release: string) => Promise<void>;
  /** Whether a preview calls it, too, for each release that the update would move. */
  guardsPreview: boolean;
}

/** A Palette installation: gates, then its Helm releases in order, then the checks that prove it. */
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
      declareGateCommand(`gate-${gate}`, { gate, request: args.request(gate, "before") }, { parent: this }),
    );
    const own = args.ownBefore.map((check) =>
      declareGateCommand(`gate-own-check-${check}`, this.createOwnCheckArgs(check, "before"), { parent: this }),
    );
    this.gates = [...named, ...own];
    this.registerOutputs({ from: args.from, to: args.destination, edition: args.edition, matrix: args.matrix });
  }

  /**
   * Declares the releases in the order they are to move, each after the one before it, the first after `dependsOn`.
   * Returns the resources that the checks depend on.
   */
  declareReleases(releases: readonly DeclaredRelease[], dependsOn: pulumi.Resource[]): pulumi.Resource[] {
    if (releases.length === 0) return dependsOn;
    const provider = this.createClusterProvider();
    let previous = dependsOn;
    for (const release of releases) previous = [this.declareRelease(release, provider, previous)];
    return previous;
  }

  /** Declares the checks of what is installed now, one after the other. */
  declareChecks(dependsOn: pulumi.Resource[]): local.Command[] {
    const { checksAfter, ownAfter, request } = this.args;
    const wanted: [string, GateCommandArgs][] = [
      ...checksAfter.map((gate): [string, GateCommandArgs] => [
        `check-${gate}`,
        { gate, request: request(gate, "after") },
      ]),
      ...ownAfter.map((check): [string, GateCommandArgs] => [
        `check-own-check-${check}`,
        this.createOwnCheckArgs(check, "after"),
      ]),
    ];
    const checks: local.Command[] = [];
    for (const [name, args] of wanted) {
      const after = checks.length === 0 ? dependsOn : [checks.at(-1)!];
      checks.push(declareGateCommand(name, args, { parent: this, dependsOn: after }));
    }
    return checks;
  }

  private createOwnCheckArgs(check: string, when: "before" | "after"): GateCommandArgs {
    return { gate: "own-check", request: this.args.request("own-check", when, check) };
  }

  /** `clusterIdentifier` comes from the settings, so that a changed API address never plans a replacement. */
  private createClusterProvider(): kubernetes.Provider {
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

  private declareRelease(
    release: DeclaredRelease,
    provider: kubernetes.Provider,
    dependsOn: pulumi.Resource[],
  ): kubernetes.helm.v3.Release {
    const { args } = this;
    const guard = new pulumi.ResourceHook(`guard-${release.role}`, () => args.guard(release.role), {
      onDryRun: args.guardsPreview,
    });
    return new kubernetes.helm.v3.Release(
      release.role,
      {
        name: release.name,
        namespace: release.namespace,
        chart: release.chart,
        version: release.chartVersion,
        // Helm uses this for an install only; every cluster has the namespace default.
        ...(release.namespace === "default" ? {} : { createNamespace: true }),
        description: formatMarker(args.destination),
        timeout: args.releaseTimeoutSeconds,
        maxHistory: 10,
        atomic: false,
        // The vendor never waits, and a pending load balancer would fail a good hop: the rollout check judges instead.
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
          ...(release.resourceName === undefined
            ? []
            : [{ parent: pulumi.rootStackResource, name: release.resourceName }]),
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
