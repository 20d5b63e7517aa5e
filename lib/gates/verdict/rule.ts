import { type Source } from "../../planning/rules/site-facts.js";
import { type Outcome } from "./types.js";

/** One rule of a gate: the code of its reason, and what that means. */
export interface GateRule {
  code: string;
  outcome: Outcome;
  meaning: string;
}

/** Rules that belong together under one demand; `id` as reasons name it. */
export interface RuleChapter {
  id: string;
  demands: string;
  rules: readonly GateRule[];
  /** Names that the rules recognise. */
  known?: readonly { name: string; meaning: string }[];
  /** Empty for this project's own rules. */
  sources: readonly Source[];
}
