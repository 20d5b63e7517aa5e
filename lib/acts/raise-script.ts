import { EJSON } from "bson";
import { extractEnvelope } from "../gates/mongo-replica-set/text/envelope.js";
import { buildShellScript, buildShellCommand } from "../gates/mongo-replica-set/probe/probe-script.js";

/** What setFeatureCompatibilityVersion answered. */
export interface RaiseAnswer {
  ok: boolean;
  /** Why not; empty where it is done. */
  why: string;
}

/** Time limit of the command. A raise may take minutes on large data and continues on the server after this limit. */
export const raiseLimitSeconds = 600;

/** The command document; servers from 7.0 on refuse it without `confirm`. */
export function createRaiseDocument(version: string, needsConfirm: boolean): Record<string, unknown> {
  return { setFeatureCompatibilityVersion: version, ...(needsConfirm ? { confirm: true } : {}) };
}

/** The argument array to exec in the primary's container: no secret in it; it only writes on the primary. */
export function createRaiseCommand(nonce: string, version: string, needsConfirm: boolean): string[] {
  if (!/^\d{1,2}\.\d{1,2}$/.test(version)) throw new Error(`"${version}" is no feature compatibility version`);
  const document = JSON.stringify(createRaiseDocument(version, needsConfirm));
  const body = `  var out = { v: 1 };
  try {
    var admin = open();
    out.hello = ask(admin, { hello: 1 });
    out.raised = out.hello.isWritablePrimary === true
      ? ask(admin, ${document})
      : { ok: 0, code: 10107, codeName: "NotWritablePrimary", errmsg: "this member is not the primary any more" };
    out = { v: 1, raised: { ok: out.raised.ok, code: out.raised.code, codeName: out.raised.codeName, errmsg: out.raised.errmsg } };
  } catch (error) {
    out = { v: 1, raised: failure(error) };
  }
`;
  const script = buildShellScript(nonce, body).replace(
    "socketTimeoutMS=10000",
    `socketTimeoutMS=${raiseLimitSeconds * 1000}`,
  );
  return buildShellCommand(script, raiseLimitSeconds);
}

/** Parses the output of that command; an output that cannot be read is a failure. */
export function parseRaiseAnswer(stdout: string, nonce: string): RaiseAnswer {
  const extracted = extractEnvelope(stdout, nonce);
  if (!extracted.ok) return { ok: false, why: extracted.why };
  try {
    return toRaiseAnswer((EJSON.parse(extracted.text) as { raised?: unknown }).raised);
  } catch {
    return { ok: false, why: "the answer cannot be read" };
  }
}

/** Converts MongoDB's reply, from the script or from the driver. */
export function toRaiseAnswer(reply: unknown): RaiseAnswer {
  if (typeof reply !== "object" || reply === null) return { ok: false, why: "there is no answer" };
  const { ok, codeName, errmsg } = reply as { ok?: unknown; codeName?: unknown; errmsg?: unknown };
  if (Number(ok) === 1) return { ok: true, why: "" };
  const parts = [codeName, errmsg].filter((part): part is string => typeof part === "string" && part !== "");
  return { ok: false, why: parts.join(": ") || "it was refused without a word" };
}
