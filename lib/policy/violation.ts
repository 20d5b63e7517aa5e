/** One violation of a rule by a stack. */
export interface Violation {
  /** The resource at fault; null for the stack as a whole. */
  urn: string | null;
  /** What was seen, what is expected, what to do. */
  message: string;
}
