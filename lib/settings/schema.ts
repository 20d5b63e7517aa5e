import * as z from "zod";
import { editions } from "../planning/matrix/types.js";
import { roles } from "../planning/rules/types.js";
import { strategies } from "../planning/rules/site-facts.js";
import { createDurationLimit, createGroup, createOptionalText, versionField } from "./fields.js";
import { gateKeys } from "./gate-keys.js";
import { limits } from "./limits.js";
import { acceptanceSchema, acknowledgementSchema, extraRowSchema } from "./list-entries.js";

const planningKeys = {
  target: z
    .string()
    .min(1)
    .describe(
      'Version to reach, in quotes: an exact release ("4.7.20"), a series ("4.7") or a semver range (">=4.6.41 <4.8").',
    ),
  matrix: z
    .string()
    .min(1)
    .describe(
      "Id of a shipped matrix (palette-upgrade matrix list) or the path of a matrix file, relative to the project. Pinned, because rows get withdrawn.",
    ),
  edition: z.enum(editions).default("palette").describe("palette or vertex."),
  route: createGroup(
    {},
    {
      strategy: z
        .enum(strategies)
        .default("guideline")
        .describe("guideline (the vendor's rule made safe) or fewest-hops."),
      via: z.array(versionField).default([]).describe("Versions the route has to pass, in quotes."),
      avoid: z.array(versionField).default([]).describe("Versions the route must not pass, in quotes."),
      extraRows: z
        .array(extraRowSchema)
        .default([])
        .describe("Rows of your own where the vendor's page leaves a gap, versions in quotes."),
    },
  ).describe("How the route is chosen."),
};

const siteKeys = {
  clusterIdentifier: z
    .string()
    .min(1)
    .describe(
      "A fixed name of the management cluster, chosen once. It keeps a moved API address from planning a replacement.",
    ),
  kubernetes: createGroup(
    {},
    {
      kubeconfig: createOptionalText().describe("Path of the kubeconfig; left out: KUBECONFIG or the default place."),
      context: createOptionalText().describe("Context in that kubeconfig; left out: its current one."),
    },
  ).describe("Access to the management cluster."),
  cluster: createGroup(
    {},
    {
      uid: createOptionalText().describe("UID of the cluster's namespace kube-system."),
      server: z.url().nullable().default(null).describe("Address of its API server, as the kubeconfig has it."),
    },
  ).describe(
    "Which cluster this stack belongs to: another one is refused. One of the two is needed where the first update cannot ask a person.",
  ),
  helm: createGroup(
    {
      timeout: createDurationLimit(limits.helm.timeout, "Helm's time limit for one release."),
    },
    {
      namespace: z
        .string()
        .min(1)
        .default("default")
        .describe("Namespace that holds the release of chart spectro-mgmt-plane (usually called hubble)."),
    },
  ).describe("The Helm releases of the installation."),
  site: createGroup(
    {},
    {
      rootDomain: createOptionalText().describe("The domain Palette is reached by, for the proof of its ingress."),
      apiUrl: z
        .url()
        .nullable()
        .default(null)
        .describe("Address of the Palette API, for example https://palette.example.com."),
      apiCaFile: createOptionalText().describe(
        "PEM file of the private CA that signed the Palette API's certificate; left out: the system's trust.",
      ),
      imageRegistryCaFile: createOptionalText().describe(
        "PEM file of a private CA of the image registry; left out: the system's trust.",
      ),
      airgap: z.boolean().default(false).describe("True when the installation has no way to the internet."),
      ipBased: z.boolean().default(false).describe("True when Palette is reached by an IP address, not by a domain."),
      cloud: z
        .enum(["eks", "gke", "aks", "other"])
        .nullable()
        .default(null)
        .describe("eks, gke, aks or other; left out when not known."),
    },
  ).describe("Facts about the installation."),
  installedVersion: createGroup(
    {},
    {
      expected: versionField
        .nullable()
        .default(null)
        .describe(
          "The installed version, in quotes, for a preview that can neither reach the cluster nor has outputs yet.",
        ),
      accepted: versionField
        .nullable()
        .default(null)
        .describe(
          "An installed version, in quotes, that no hop of this stack explains and that a person takes as right.",
        ),
    },
  ).describe("What a person states about the installed version."),
  install: z.boolean().default(false).describe("Install Palette on a clean cluster, straight at the target."),
  values: z
    .partialRecord(z.enum(roles), z.record(z.string(), z.unknown()))
    .default({})
    .describe(
      "Helm values laid over the stored ones, by release role, e.g. {hubble: {...}}. Set secrets among them as secrets: pulumi config set --secret --path.",
    ),
};

const secretKeys = {
  secrets: createGroup(
    {},
    {
      apiKeys: z
        .record(z.string(), z.string())
        .default({})
        .describe(
          "API keys by name of the tenant. An API key sees one tenant only. Not needed for a tenant whose PCGs are all in palette:pcg.clusters.",
        ),
      mongoUri: z.string().default("").describe("Connection string of an external MongoDB (palette:mongo.external)."),
      chartsPassword: z.string().default("").describe("Password or token of the chart registry."),
    },
  ).describe(
    "All secrets but those among Helm values: pulumi config set --secret --path palette:secrets.mongoUri. Nothing else stands here, because Pulumi hides a whole key that has one secret in it.",
  ),
};

const consentKeys = {
  acknowledge: z
    .array(acknowledgementSchema)
    .default([])
    .describe("Acts that are done, each bound to one hop: [{act, hop, by, because, ticket, until}]."),
  accept: z
    .array(acceptanceSchema)
    .default([])
    .describe("Named reasons of gates accepted for one hop: [{gate, subject, code, hop, because, ticket, by, until}]."),
  approval: createGroup(
    {},
    {
      required: z
        .boolean()
        .default(false)
        .describe(
          "Whether an update needs the version and fingerprint of an approved preview, and the name of who approved it.",
        ),
      fourEyes: z
        .boolean()
        .default(false)
        .describe(
          "Whether who accepts, acknowledges or (where that is required) approves must be another person than who runs the update.",
        ),
    },
  ).describe("Who has to agree to an update."),
  journal: z
    .string()
    .default("")
    .describe("Where the journal is kept, a folder or s3://bucket/prefix; empty means .palette/journal."),
  rehearsal: createGroup(
    {},
    {
      simulated: z.boolean().default(false).describe("True on a simulated site; production refuses it."),
      pace: z
        .number()
        .int()
        .positive()
        .default(1)
        .describe("How many times faster than the vendor's its gateways live on a real cluster."),
    },
  ).describe("Set by the rehearsal only."),
};

/**
 * Every `palette:` key of a stack's configuration: the one source of `Pulumi.yaml`'s config section, of
 * `data/schemas/stack.schema.json` (`npm run generate`) and of what gates get.
 */
export const settingsSchema = z.strictObject({
  ...planningKeys,
  ...siteKeys,
  ...secretKeys,
  ...gateKeys,
  ...consentKeys,
});

export type Settings = z.output<typeof settingsSchema>;

/** Paths of versions or version ranges: a YAML number there has lost digits (4.10 is read as 4.1). */
export const versionPaths = [
  ["target"],
  ["route", "via"],
  ["route", "avoid"],
  ["installedVersion", "expected"],
  ["installedVersion", "accepted"],
] as const;
