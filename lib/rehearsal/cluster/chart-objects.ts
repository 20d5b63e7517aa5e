import { ingressOf, namespacesOf, readyAt } from "../../plan/rules.js";
import { type Role } from "../../plan/rules-types.js";
import { type Version } from "../../version/version.js";
import { standInAnnotation } from "../stand-in-chart.js";
import { imageOf } from "../site/roll-out.js";
import { completedJobsOf, workloadsOf, type WorkloadSpec } from "../site/workload-list.js";

type Manifest = Record<string, unknown>;

/** Pods of a workload that is named in the value `standIn.stuck` carry its word here; a cluster of kwok's heeds it. */
export const stuckAnnotation = "stand-in.palette-upgrade/stuck";
export const versionLabel = "app.kubernetes.io/version";
const labelOurs = { [standInAnnotation]: "true" };

/**
 * What the stand-in of a release holds at a Palette version: namespaces, workloads, jobs and ingress as data/ and the
 * vendor's guides show them. Texts in double braces are Helm's.
 */
export function chartObjects(role: Role, version: Version): Manifest[] {
  switch (role) {
    case "hubble":
      return paletteObjects(version);
    case "cert-manager":
      return [namespace("cert-manager"), ...workloadsIn(version, ["cert-manager"])];
    case "spectro-mgmt-crds":
      return [customResource()];
    case "image-swap":
      return [deployment("default", "image-swap", version)];
    case "reach-system":
      return [namespace("reach-system"), deployment("reach-system", "reach-controller-manager", version)];
  }
}

function paletteObjects(version: Version): Manifest[] {
  const namespaces = namespacesOf(version);
  return [
    ...namespaces.map(namespace),
    ...workloadsIn(version, namespaces),
    mongoService(),
    mongoSecret(),
    mongoBudget(),
    ...ingressServices(version),
    ingress(),
    ...completedJobsOf(version).map(({ namespace: place, job }) => jobOf(version, place, job)),
    preUpgradeHook(version),
  ];
}

function namespace(name: string): Manifest {
  const keep = { "helm.sh/resource-policy": "keep" };
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels: labelOurs, annotations: keep } };
}

function workloadsIn(version: Version, namespaces: readonly string[]): Manifest[] {
  return workloadsOf(version)
    .filter((spec) => namespaces.includes(spec.namespace))
    .map((spec) => workload(spec, version));
}

function deployment(place: string, name: string, version: Version): Manifest {
  const labels = { component: name };
  return workload(
    { kind: "Deployment", namespace: place, name, replicas: 1, container: name, labels, versions: "*" },
    version,
  );
}

function workload(spec: WorkloadSpec, version: Version): Manifest {
  const isMongo = spec.name === "mongo";
  const metadata = { name: spec.name, namespace: spec.namespace, labels: { ...spec.labels, [versionLabel]: version } };
  return {
    apiVersion: "apps/v1",
    kind: spec.kind,
    metadata,
    spec: {
      ...(spec.kind === "DaemonSet" ? {} : { replicas: spec.replicas }),
      ...(spec.kind === "StatefulSet" ? { serviceName: spec.name } : {}),
      selector: { matchLabels: { component: spec.name } },
      template: podTemplate(spec, version),
      ...(isMongo ? { volumeClaimTemplates: [mongoClaim()] } : {}),
    },
  };
}

function podTemplate(spec: WorkloadSpec, version: Version): Manifest {
  const stuck = `{{ index .Values.standIn.stuck "${spec.name}" | default "" }}`;
  const main = { name: spec.container, image: image(imageOf(spec, version)), ...small };
  const sidecar = { name: "mongo-metrics", image: image(`palette-images/mongo-metrics:${version}`), ...small };
  const mounts = [{ name: "mongo-data", mountPath: "/data/db" }];
  return {
    metadata: { labels: { ...spec.labels, [versionLabel]: version }, annotations: { [stuckAnnotation]: stuck } },
    spec: {
      terminationGracePeriodSeconds: 1,
      automountServiceAccountToken: false,
      containers: spec.name === "mongo" ? [{ ...main, env: mongoLogin(), volumeMounts: mounts }, sidecar] : [main],
    },
  };
}

const small = { imagePullPolicy: "IfNotPresent", resources: { requests: { cpu: "1m", memory: "4Mi" } } };

/** A real cluster pulls one small image for all; kwok pulls none, and shows names as the vendor's are. */
function image(named: string): string {
  return `{{ .Values.standIn.image | default "${named}" }}`;
}

const mongoLabels = { role: "mongo" };
const passwordSource = { secretKeyRef: { name: "spectromongosecret", key: "mongoRootPassword" } };

function mongoLogin(): Manifest[] {
  return [
    { name: "MONGO_INITDB_ROOT_USERNAME", value: "root" },
    { name: "MONGO_INITDB_ROOT_PASSWORD", valueFrom: passwordSource },
  ];
}

function mongoClaim(): Manifest {
  return {
    metadata: { name: "mongo-data", labels: mongoLabels },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "16Mi" } } },
  };
}

function mongoService(): Manifest {
  const metadata = { name: "mongo", namespace: "hubble-system" };
  return service(metadata, { clusterIP: "None", selector: mongoLabels, ports: [{ name: "mongo", port: 27017 }] });
}

function mongoSecret(): Manifest {
  const metadata = { name: "spectromongosecret", namespace: "hubble-system" };
  const password = "{{ .Values.mongo.databasePassword }}";
  return { apiVersion: "v1", kind: "Secret", metadata, stringData: { mongoRootPassword: password } };
}

function mongoBudget(): Manifest {
  const metadata = { name: "mongo-pdb", namespace: "hubble-system", labels: mongoLabels };
  const spec = { minAvailable: 2, selector: { matchLabels: mongoLabels } };
  return { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata, spec };
}

function service(metadata: Manifest, spec: Manifest): Manifest {
  return { apiVersion: "v1", kind: "Service", metadata, spec };
}

/** Where both controllers run, each has its Service. */
function ingressServices(version: Version): Manifest[] {
  const current = ingressOf(version);
  const beside = workloadsOf(version)
    .filter(({ kind, namespace: place }) => kind === "DaemonSet" && place.startsWith("ingress-"))
    .map(({ namespace: place, name }) => ({ place, name }));
  const all = [{ place: current.namespace, name: current.service }, ...beside];
  const unique = all.filter((one, index) => all.findIndex(({ name }) => name === one.name) === index);
  return unique.map(({ place, name }) =>
    service(
      { name, namespace: place },
      { type: "LoadBalancer", selector: { component: name }, ports: [{ name: "https", port: 443 }] },
    ),
  );
}

function ingress(): Manifest {
  const backend = { service: { name: "spectro-ui", port: { number: 443 } } };
  const rule = {
    host: "{{ .Values.config.env.rootDomain }}",
    http: { paths: [{ path: "/", pathType: "Prefix", backend }] },
  };
  const metadata = { name: "palette", namespace: "ui-system" };
  return { apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata, spec: { rules: [rule] } };
}

/** Its pod rightly ends; the name carries the version, as a Job's template cannot be changed. */
function jobOf(version: Version, place: string, job: string): Manifest {
  const prefix = readyAt(version).completedPods.find(({ prefix: known }) => job.startsWith(known))?.prefix ?? `${job}-`;
  const containers = [{ name: "job", image: image(`palette-images/job:${version}`), command: ["/bin/true"], ...small }];
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: `${prefix}${version.replaceAll(".", "")}`, namespace: place },
    spec: { backoffLimit: 1, template: { spec: { restartPolicy: "Never", containers } } },
  };
}

/** The vendor's chart has hooks before an upgrade, so that the way they take is gone here too. */
function preUpgradeHook(version: Version): Manifest {
  const annotations = {
    "helm.sh/hook": "pre-upgrade",
    "helm.sh/hook-delete-policy": "before-hook-creation,hook-succeeded",
  };
  const metadata = { name: "palette-pre-upgrade", namespace: "default", annotations };
  return { apiVersion: "v1", kind: "ConfigMap", metadata, data: { version } };
}

function customResource(): Manifest {
  const plural = "standins";
  const group = "stand-in.palette-upgrade.example";
  const schema = { openAPIV3Schema: { type: "object" } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}`, labels: labelOurs },
    spec: {
      group,
      scope: "Namespaced",
      names: { plural, singular: "standin", kind: "StandIn" },
      versions: [{ name: "v1", served: true, storage: true, schema }],
    },
  };
}
