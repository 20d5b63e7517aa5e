import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isScalar, LineCounter, parseDocument, visit } from "yaml";
import { InvalidInputError } from "../base/errors/errors.js";

/** `Pulumi.<stack>.yaml` with its path, for messages. */
export interface StackFile {
  path: string;
  text: string;
}

/** Returns the name of a stack's configuration file. */
export function getStackFileName(stack: string): string {
  return `Pulumi.${stack.split("/").at(-1)!}.yaml`;
}

/** Reads a stack's configuration file; null where there is none. */
export function readStackFile(projectDir: string, stack: string): StackFile | null {
  const path = join(projectDir, getStackFileName(stack));
  return existsSync(path) ? { path, text: readFileSync(path, "utf8") } : null;
}

/**
 * Refuses a stack's file before an engine reads it, whose own errors do not always name file and line.
 *
 * @throws InvalidInputError `STACK_FILE_INVALID`.
 */
export function checkStackFile(file: StackFile): void {
  const fault = findYamlFault(file) ?? findCutOffSecret(file);
  if (fault === null) return;
  throw new InvalidInputError("STACK_FILE_INVALID", fault, {
    next: "Correct that line, then run the same command again.",
  });
}

const yamlFaults: Record<string, string> = {
  TAB_AS_INDENT: "a tab stands where YAML takes only spaces",
  DUPLICATE_KEY: "a key stands there twice",
};

/** Describes what keeps the file from being YAML, with the line; null where it is YAML. Quotes nothing of the file. */
export function findYamlFault({ path, text }: StackFile): string | null {
  const [error] = parseDocument(text, { merge: true }).errors;
  if (error === undefined) return null;
  return `${path}, line ${error.linePos?.[0].line ?? "?"}: ${yamlFaults[error.code] ?? "it is not YAML"}.`;
}

/** As Pulumi writes a secret: the ciphertext in base64, of a passphrase or key with its version and nonce. */
function isCiphertext(value: string): boolean {
  const parts = value.replace(/^v\d+:/, "").split(":");
  return parts.length <= 2 && parts.every((part) => /^[A-Za-z0-9+/]+={0,2}$/.test(part) && part.length % 4 === 0);
}

function findCutOffSecret(file: StackFile): string | null {
  const broken = listSecrets(file).find(({ value }) => !isCiphertext(value));
  return broken === undefined ? null : `${file.path}, line ${broken.line}: the secret there is cut off or was changed.`;
}

/** Lists what Pulumi takes for a secret, a map with the one key `secure`, with its line. */
export function listSecrets({ text }: StackFile): { line: number; value: string }[] {
  const lines = new LineCounter();
  const secrets: { line: number; value: string }[] = [];
  visit(parseDocument(text, { merge: true, lineCounter: lines }), {
    Map: (_, { items }) => {
      const [pair] = items;
      if (items.length !== 1 || !isScalar(pair?.key) || pair.key.value !== "secure" || !isScalar(pair.value)) return;
      const { value, range } = pair.value;
      if (typeof value === "string") secrets.push({ line: lines.linePos(range?.[0] ?? 0).line, value });
    },
  });
  return secrets;
}
