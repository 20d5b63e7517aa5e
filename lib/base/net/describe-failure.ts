import { getErrorMessage } from "../errors/errors.js";
import { describeTrustFault } from "./tls-trust.js";

/** Describes why a server could not be reached, without a full stop. */
export function describeConnectionFailure(thrown: unknown): string {
  const name = (thrown as { name?: unknown } | null)?.name;
  if (name === "AbortError" || name === "TimeoutError") return "no answer within the time limit";
  // An AggregateError (all addresses of a host refused) has no message of its own.
  const inner: unknown = thrown instanceof AggregateError ? thrown.errors[0] : thrown;
  // The agent's own words for a proxy that refuses to connect.
  return (describeTrustFault(inner) ?? getErrorMessage(inner))
    .replace(/\.$/, "")
    .replace(/^Bad response: /, "the proxy answered ");
}
