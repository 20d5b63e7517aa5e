import { EJSON } from "bson";
import { extractEnvelope } from "../gates/mongo-replica-set/envelope.js";
import { buildShellScript, shellCommand } from "../gates/mongo-replica-set/probe-script.js";

/** What setFeatureCompatibilityVersion answered. */
export interface RaiseAnswer {
  ok: boolean;
  /** Why not; empty where it is done. */
  why: string;
}

/** A raise changes documents in the catalog and may take minutes on large data; it goes on if this limit is met. */
export const raiseLimitSeconds = 600;

/** The command document; servers from 7.0 on refuse it without `confirm`. */
export function raiseDocument(version: string, needsConfirm: boolean): Record<string, unknown> {
  return { setFeatureCompatibilityVersion: version, ...(needsConfirm ? { confirm: true } : {}) };
}

/** The argument array to exec in the primary's container: no secret in it; it only writes on the primary. */
export function raiseCommand(nonce: string, version: string, needsConfirm: boolean): string[] {
  if (!/^\d{1,2}\.\d{1,2}$/.test(version)) throw new Error(`"${version}" is no feature compatibility version`);
  const document = JSON.stringify(raiseDocument(version, needsConfirm));
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
  return shellCommand(script, raiseLimitSeconds);
}

/** Reads the answer of that command; anything that is no answer is no success. */
export function parseRaise(stdout: string, nonce: string): RaiseAnswer {
  const extracted = extractEnvelope(stdout, nonce);
  if (!extracted.ok) return { ok: false, why: extracted.why };
  try {
    return raiseAnswerOf((EJSON.parse(extracted.text) as { raised?: unknown }).raised);
  } catch {
    return { ok: false, why: "the answer cannot be read" };
  }
}

/** A reply to the command, by whatever way it came. */
export function raiseAnswerOf(reply: unknown): RaiseAnswer {
  if (typeof reply !== "object" || reply === null) return { ok: false, why: "there is no answer" };
  const { ok, codeName, errmsg } = reply as { ok?: unknown; codeName?: unknown; errmsg?: unknown };
  if (Number(ok) === 1) return { ok: true, why: "" };
  const words = [codeName, errmsg].filter((part): part is string => typeof part === "string" && part !== "");
  return { ok: false, why: words.join(": ") || "it was refused without a word" };
}
