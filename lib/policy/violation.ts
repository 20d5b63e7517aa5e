/** One way in which a stack breaks a rule. */
export interface Violation {
  /** The resource at fault; null where the stack as a whole is. */
  urn: string | null;
  /** What was seen, what is expected, what to do. */
  message: string;
}
