/**
 * The plan object: every renderer, the program and the driver read this and nothing else.
 * Its JSON form is the contract of design 8, `data/schemas/plan.schema.json`.
 */
import { type OwnRowApproval } from "../../../data/schemas/plan.js";
import { type SiteFacts, type Strategy } from "../rules/site-facts.js";
import { type Version } from "../version/version.js";

export type * from "../../../data/schemas/plan.js";

export const planSchemaVersion = 1;

/** A row of a site's own, `palette:route.extraRows`: never mixed into a matrix, and marked as such everywhere. */
export interface OwnRow extends OwnRowApproval {
  from: Version;
  to: Version;
}

export interface PlanRequest {
  from: Version;
  /** Exact release, series (`4.7`, `4.7.x`) or semver range. */
  target: string;
  strategy: Strategy;
  via: Version[];
  avoid: Version[];
  facts: SiteFacts;
  /** `YYYY-MM-DD`, for the age of the data. */
  today: string;
  /** Rows of the site's own; they fill gaps in the vendor's page. */
  extraRows?: OwnRow[];
  /** sha256 of each chart of the route, where known; part of the fingerprint. */
  chartDigests?: Record<string, string>;
}
