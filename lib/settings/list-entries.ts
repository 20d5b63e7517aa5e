import * as z from "zod";
import { isZone } from "../base/time/time-zone.js";
import { gateNames } from "../planning/rules/types.js";
import { createBoundedDuration, createGroup, createOptionalText, dayField, hopField, versionField } from "./fields.js";
import { checkTimeout } from "./limits.js";

export const weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

/** One tenant whose PCGs are watched. */
export const tenantSchema = z.strictObject({
  name: z.string().min(1).describe("Name of the tenant; its API key is palette:secrets.apiKeys.<name>."),
  pcgs: z.array(z.string().min(1)).describe("Names of its Private Cloud Gateways."),
});

/** A gateway's own cluster, for gates where the Palette API is not available. */
export const gatewayClusterSchema = z.strictObject({
  pcg: z
    .string()
    .regex(/^[^/]+\/[^/]+$/, 'write it as "tenant/name"')
    .describe("tenant/name as in palette:tenants."),
  kubeconfig: z.string().min(1).describe("Path of its kubeconfig."),
  context: createOptionalText().describe("Context in it; left out: its current one."),
});

/** A person's statement that an act of the plan is done, bound to one hop. */
export const acknowledgementSchema = z.strictObject({
  act: z.string().min(1).describe("Name of the act, as the plan shows it."),
  hop: hopField.describe('The hop, as "4.6.41->4.7.20".'),
  by: z.string().min(1).describe("Who did it."),
  because: z.string().min(1).describe("What was done."),
  ticket: z.string().optional().describe("Ticket or address with more."),
  until: dayField.optional().describe('Last day it counts, in quotes: "2026-12-31".'),
});

/** A row of the site's own beside the vendor's, with who approved it. */
export const extraRowSchema = z.strictObject({
  from: versionField.describe("Version the upgrade starts at, in quotes."),
  to: versionField.describe("Version it leads to, in quotes."),
  approvedBy: z.string().min(1).describe("Who approved it."),
  link: z.url().describe("Address of the vendor's answer or the ticket."),
  because: z.string().min(1).describe("Why the route is taken."),
});

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write the time of day as "22:00"');

/** When updates may begin; a hop in progress is never interrupted. */
export const updateWindowSchema = z.strictObject({
  days: z.array(z.enum(weekdays)).min(1).describe("Days it begins on."),
  from: clockTime.describe('Time of day it begins, in quotes: "22:00".'),
  to: clockTime.describe("Time of day it ends; at or before from: on the next day."),
  zone: z
    .string()
    .refine(isZone, 'this zone is not known here; write an IANA name, e.g. "Europe/Berlin"')
    .describe('IANA name of the time zone, e.g. "Europe/Berlin".'),
});

/** A check of the installation's own: a command that exits 0 for a pass. */
export const ownCheckSchema = createGroup(
  { timeout: createBoundedDuration(checkTimeout, "How long one run may take.") },
  {
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]*$/, "write it in lower-case letters, digits and dashes")
      .describe("Name in lower-case letters, digits and dashes."),
    when: z.enum(["before", "after", "both"]).describe("Before a hop, after it, or both."),
    command: z.array(z.string().min(1)).min(1).describe("Argument vector; nothing secret in it."),
  },
);

/** A named reason of one gate that somebody accepts for one hop. */
export const acceptanceSchema = z.strictObject({
  gate: z.enum(gateNames).describe("Name of the gate."),
  subject: z
    .string()
    .min(1)
    .describe('The member, gateway, pod, release, … of the reason; "*" for a reason about the whole.'),
  code: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/, 'write the code as the gate shows it, e.g. "LAG"')
    .describe("Code of the reason, as the gate shows it."),
  hop: hopField.describe('The hop, as "4.6.41->4.7.20".'),
  because: z.string().min(1).describe("Why it is acceptable."),
  ticket: z.string().min(1).describe("Ticket or address with more."),
  by: z.string().min(1).describe("Who accepts it."),
  until: dayField.describe('Last day it counts, in quotes: "2026-12-31".'),
});
