import { type Pod, type Workload } from "../../../site/types.js";
import { type Finding } from "../finding.js";
import { type Parsed } from "../text/parse.js";

/** The answer of one member. */
export interface Answer {
  /** The pod, or the member's label outside the cluster. */
  pod: string;
  parsed: Parsed;
}

/** What the cluster says of MongoDB; null where it could not be read (a finding says why). */
export interface Surroundings {
  /** `vertex` where MongoDB's TLS Secret exists. */
  edition: "palette" | "vertex" | null;
  /** Undefined: there is none of that name. */
  statefulSet: Workload | null | undefined;
  pods: Pod[] | null;
  claims: { name: string; phase: string; deleting: boolean }[] | null;
  budgets: { name: string; currentHealthy: number; desiredHealthy: number }[] | null;
}

export interface MongoProbe {
  /** Null: MongoDB is outside the cluster. */
  surroundings: Surroundings | null;
  /** Number of members expected: the StatefulSet's replicas, or those in the connection string; null: not known. */
  expectedMembers: number | null;
  /** Expected name of the set, where the connection string has one. */
  expectedSet: string | null;
  answers: Answer[];
  /** What could not be read. */
  findings: Finding[];
}
