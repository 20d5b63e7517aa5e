export type { WorkloadKind } from "./types.js";
