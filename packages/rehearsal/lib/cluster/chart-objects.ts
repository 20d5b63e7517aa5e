import { getIngress, listRequiredNamespaces, getReadinessRequirements } from "../../../../lib/planning/rules/rules.js";
import { type Role } from "../../../../lib/planning/rules/types.js";
import { type Version } from "../../../../lib/planning/version/version.js";
import { stubAnnotation } from "../stub-chart.js";
import { formatImageName } from "../site/kubernetes/roll-out.js";
import { listCompletedJobs, listWorkloads, type WorkloadSpec } from "../site/kubernetes/workload-list.js";

type Manifest = Record<string, unknown>;

/** Annotation on pods that carries the workload's entry in the value `standIn.stuck`; a kwok cluster acts on it. */
export const stuckAnnotation = "stand-in.palette-upgrade/stuck";
export const versionLabel = "app.kubernetes.io/version";
const stubLabels = { [stubAnnotation]: "true" };

/**
 * Creates the objects of a release's stub chart at a Palette version: namespaces, workloads, jobs and ingress as data/
 * and the vendor's guides show them. Texts in double braces are Helm templates.
 */
export function createChartObjects(role: Role, version: Version): Manifest[] {
  switch (role) {
    case "hubble":
      return createPaletteObjects(version);
    case "cert-manager":
      return [createNamespace("cert-manager"), ...createWorkloads(version, ["cert-manager"])];
    case "spectro-mgmt-crds":
      return [createCustomResourceDefinition()];
    case "image-swap":
      return [createDeployment("default", "image-swap", version)];
    case "reach-system":
      return [createNamespace("reach-system"), createDeployment("reach-system", "reach-controller-manager", version)];
  }
}

function createPaletteObjects(version: Version): Manifest[] {
  const namespaces = listRequiredNamespaces(version);
  return [
    ...namespaces.map(createNamespace),
    ...createWorkloads(version, namespaces),
    createMongoService(),
    createMongoSecret(),
    createMongoBudget(),
    ...createIngressServices(version),
    createIngress(),
    ...listCompletedJobs(version).map(({ namespace: place, job }) => createJob(version, place, job)),
    createPreUpgradeHook(version),
  ];
}

function createNamespace(name: string): Manifest {
  const keep = { "helm.sh/resource-policy": "keep" };
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels: stubLabels, annotations: keep } };
}

function createWorkloads(version: Version, namespaces: readonly string[]): Manifest[] {
  return listWorkloads(version)
    .filter((spec) => namespaces.includes(spec.namespace))
    .map((spec) => createWorkload(spec, version));
}

function createDeployment(place: string, name: string, version: Version): Manifest {
  const labels = { component: name };
  return createWorkload(
    { kind: "Deployment", namespace: place, name, replicas: 1, container: name, labels, versions: "*" },
    version,
  );
}

function createWorkload(spec: WorkloadSpec, version: Version): Manifest {
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
      template: createPodTemplate(spec, version),
      ...(isMongo ? { volumeClaimTemplates: [createMongoClaim()] } : {}),
    },
  };
}

function createPodTemplate(spec: WorkloadSpec, version: Version): Manifest {
  const stuck = `{{ index .Values.standIn.stuck "${spec.name}" | default "" }}`;
  const main = {
    name: spec.container,
    image: renderImageTemplate(formatImageName(spec, version)),
    ...containerDefaults,
  };
  const sidecar = {
    name: "mongo-metrics",
    image: renderImageTemplate(`palette-images/mongo-metrics:${version}`),
    ...containerDefaults,
  };
  const mounts = [{ name: "mongo-data", mountPath: "/data/db" }];
  return {
    metadata: { labels: { ...spec.labels, [versionLabel]: version }, annotations: { [stuckAnnotation]: stuck } },
    spec: {
      terminationGracePeriodSeconds: 1,
      automountServiceAccountToken: false,
      containers:
        spec.name === "mongo" ? [{ ...main, env: createMongoLogin(), volumeMounts: mounts }, sidecar] : [main],
    },
  };
}

const containerDefaults = { imagePullPolicy: "IfNotPresent", resources: { requests: { cpu: "1m", memory: "4Mi" } } };

/**
 * Renders the image: a real cluster pulls one small image for all pods; kwok pulls none and shows the vendor's names.
 */
function renderImageTemplate(defaultImage: string): string {
  return `{{ .Values.standIn.image | default "${defaultImage}" }}`;
}

const mongoLabels = { role: "mongo" };
const passwordSource = { secretKeyRef: { name: "spectromongosecret", key: "mongoRootPassword" } };

function createMongoLogin(): Manifest[] {
  return [
    { name: "MONGO_INITDB_ROOT_USERNAME", value: "root" },
    { name: "MONGO_INITDB_ROOT_PASSWORD", valueFrom: passwordSource },
  ];
}

function createMongoClaim(): Manifest {
  return {
    metadata: { name: "mongo-data", labels: mongoLabels },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "16Mi" } } },
  };
}

function createMongoService(): Manifest {
  const metadata = { name: "mongo", namespace: "hubble-system" };
  return createService(metadata, { clusterIP: "None", selector: mongoLabels, ports: [{ name: "mongo", port: 27017 }] });
}

function createMongoSecret(): Manifest {
  const metadata = { name: "spectromongosecret", namespace: "hubble-system" };
  const password = "{{ .Values.mongo.databasePassword }}";
  return { apiVersion: "v1", kind: "Secret", metadata, stringData: { mongoRootPassword: password } };
}

function createMongoBudget(): Manifest {
  const metadata = { name: "mongo-pdb", namespace: "hubble-system", labels: mongoLabels };
  const spec = { minAvailable: 2, selector: { matchLabels: mongoLabels } };
  return { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata, spec };
}

function createService(metadata: Manifest, spec: Manifest): Manifest {
  return { apiVersion: "v1", kind: "Service", metadata, spec };
}

/** Creates the Services of the ingress controllers: one for each controller where both run. */
function createIngressServices(version: Version): Manifest[] {
  const current = getIngress(version);
  const beside = listWorkloads(version)
    .filter(({ kind, namespace: place }) => kind === "DaemonSet" && place.startsWith("ingress-"))
    .map(({ namespace: place, name }) => ({ place, name }));
  const all = [{ place: current.namespace, name: current.service }, ...beside];
  const unique = all.filter((one, index) => all.findIndex(({ name }) => name === one.name) === index);
  return unique.map(({ place, name }) =>
    createService(
      { name, namespace: place },
      { type: "LoadBalancer", selector: { component: name }, ports: [{ name: "https", port: 443 }] },
    ),
  );
}

function createIngress(): Manifest {
  const backend = { service: { name: "spectro-ui", port: { number: 443 } } };
  const rule = {
    host: "{{ .Values.config.env.rootDomain }}",
    http: { paths: [{ path: "/", pathType: "Prefix", backend }] },
  };
  const metadata = { name: "palette", namespace: "ui-system" };
  return { apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata, spec: { rules: [rule] } };
}

/** Creates a Job that completes; its name carries the version, as a Job's template cannot be changed. */
function createJob(version: Version, place: string, job: string): Manifest {
  const prefix =
    getReadinessRequirements(version).completedPods.find(({ prefix: known }) => job.startsWith(known))?.prefix ??
    `${job}-`;
  const containers = [
    {
      name: "job",
      image: renderImageTemplate(`palette-images/job:${version}`),
      command: ["/bin/true"],
      ...containerDefaults,
    },
  ];
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: `${prefix}${version.replaceAll(".", "")}`, namespace: place },
    spec: { backoffLimit: 1, template: { spec: { restartPolicy: "Never", containers } } },
  };
}

/** Creates a pre-upgrade hook: the vendor's chart has such hooks, so the rehearsal exercises them too. */
function createPreUpgradeHook(version: Version): Manifest {
  const annotations = {
    "helm.sh/hook": "pre-upgrade",
    "helm.sh/hook-delete-policy": "before-hook-creation,hook-succeeded",
  };
  const metadata = { name: "palette-pre-upgrade", namespace: "default", annotations };
  return { apiVersion: "v1", kind: "ConfigMap", metadata, data: { version } };
}

function createCustomResourceDefinition(): Manifest {
  const plural = "standins";
  const group = "stand-in.palette-upgrade.example";
  const schema = { openAPIV3Schema: { type: "object" } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}`, labels: stubLabels },
    spec: {
      group,
      scope: "Namespaced",
      names: { plural, singular: "standin", kind: "StandIn" },
      versions: [{ name: "v1", served: true, storage: true, schema }],
    },
  };
}
