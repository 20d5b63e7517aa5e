import * as z from "zod";
import {
  createCountLimit,
  createDurationLimit,
  createGroup,
  createOptionalCount,
  createOptionalDuration,
  createOptionalText,
} from "./fields.js";
import { limits } from "./limits.js";
import { gatewayClusterSchema, ownCheckSchema, tenantSchema, updateWindowSchema } from "./list-entries.js";

export const pcgDurations = {
  deadline: createDurationLimit(limits.pcg.deadline, "How long a PCG may take to catch up after a hop."),
  interval: createDurationLimit(limits.pcg.interval, "Time between two samples of a PCG that catches up."),
};
export const pcgFields = {
  samples: createCountLimit(limits.pcg.samples, "How many passing samples in a row a PCG gate needs."),
  none: z
    .boolean()
    .default(false)
    .describe(
      "True says that no tenant has a PCG. Without it and without palette:tenants, PCGs count as unknown, and unknown blocks.",
    ),
  clusters: z
    .array(gatewayClusterSchema)
    .default([])
    .describe("Kubeconfigs of gateways' own clusters, where the Palette API is not available."),
};
export const mongoDurations = {
  maxLag: createDurationLimit(limits.mongo.maxLag, "How far a MongoDB member may be behind the primary."),
  deadline: createDurationLimit(limits.mongo.deadline, "How long a MongoDB gate waits."),
  interval: createDurationLimit(limits.mongo.interval, "Time between two samples of a MongoDB gate."),
  downtime: createDurationLimit(
    limits.mongo.downtime,
    "How long a member may be away during a hop; the oplog must reach further back.",
  ),
};
export const mongoFields = {
  samples: createCountLimit(limits.mongo.samples, "How many passing samples in a row a MongoDB gate needs."),
  strict: z.boolean().default(false).describe("Whether too little room to roll (rule G16) blocks instead of warning."),
  external: z
    .boolean()
    .default(false)
    .describe("True when MongoDB runs outside the cluster; its connection string is palette:secrets.mongoUri."),
  caFile: createOptionalText().describe(
    "PEM file of a private CA of the external MongoDB; left out: the system's trust.",
  ),
};

/** Keys that only gates read. */
export const gateKeys = {
  tenants: z
    .array(tenantSchema)
    .default([])
    .describe("Tenants and their Private Cloud Gateways: [{name, pcgs: [...]}]."),
  pcg: createGroup(pcgDurations, pcgFields).describe("Private Cloud Gateways."),
  mongo: createGroup(mongoDurations, mongoFields).describe("MongoDB and its gates."),
  rollout: createGroup(
    {
      deadline: createDurationLimit(limits.rollout.deadline, "How long a roll-out may take."),
      interval: createDurationLimit(limits.rollout.interval, "Time between two samples of a roll-out."),
    },
    {
      samples: createCountLimit(limits.rollout.samples, "How many passing samples in a row a roll-out needs."),
    },
  ).describe("Roll-outs of Palette's workloads."),
  gates: createGroup(
    {
      deadline: createOptionalDuration(limits.gates.deadline, "How long such a gate may take."),
      interval: createOptionalDuration(limits.gates.interval, "Time between two samples of such a gate."),
    },
    { samples: createOptionalCount(limits.gates.samples, "How many passing samples in a row such a gate needs.") },
  ).describe("Timing of gates that have none of their own among these keys; left out: as the gate's --explain shows."),
  charts: createGroup(
    {},
    {
      location: z
        .string()
        .min(1)
        .default("charts/release-{version}")
        .describe(
          "Folder of a release's unpacked archive, relative to the program, or oci://registry/path; {version} stands for the release.",
        ),
      user: z
        .string()
        .default("")
        .describe("User of the chart registry; its password is palette:secrets.chartsPassword."),
      caFile: createOptionalText().describe(
        "PEM file of a private CA of the chart registry; left out: the system's trust.",
      ),
      pins: createOptionalText().describe(
        "File with the version and sha256 of each chart by release; left out: charts are taken as found.",
      ),
    },
  ).describe("Where Helm charts come from."),
  backup: createGroup(
    {
      maxAge: createDurationLimit(limits.backup.maxAge, "Oldest backup that counts before a minor or major hop."),
      timeout: createDurationLimit(limits.backup.timeout, "How long one run of the command may take."),
    },
    {
      command: z
        .array(z.string().min(1))
        .default([])
        .describe(
          'Command that prints the newest backup as JSON {id, location, takenAt}; left out: the record of "act backup".',
        ),
    },
  ).describe("Proof of a backup before a hop."),
  windows: z
    .array(updateWindowSchema)
    .default([])
    .describe(
      'When hops may begin: [{days: [saturday], from: "22:00", to: "04:00", zone: "Europe/Berlin"}]. Empty means always.',
    ),
  promotion: createGroup(
    {
      hold: createDurationLimit(limits.promotion.hold, "How long a hop must have held on the stage before."),
      maxAge: createDurationLimit(limits.promotion.maxAge, "How long ago file may have been exported."),
    },
    {
      stack: createOptionalText().describe("Stack whose verified hops this one follows, organization/project/stack."),
      file: createOptionalText().describe(
        "Signed file of verified hops (palette-upgrade promotion export), in the place of stack.",
      ),
      key: createOptionalText().describe("PEM file of the public key that file is signed with."),
      stage: createOptionalText().describe("Stack that file has to be of, organization/project/stack."),
    },
  ).describe("The stage before this one."),
  checks: z
    .array(ownCheckSchema)
    .default([])
    .describe(
      "Checks of your own, each a command that exits 0 for a pass: [{name, when: before|after|both, command: [...], timeout: 30s}].",
    ),
};
