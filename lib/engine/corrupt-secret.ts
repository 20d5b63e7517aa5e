import { InvalidInputError } from "../base/errors/errors.js";
import { listSecrets, type StackFile } from "../settings/stack-file.js";

/** Pulumi's errors for a ciphertext that is not what it wrote for this stack; one of them names the key. */
const corruptPattern =
  /decrypt (?:encrypted )?configuration value(?: '([^'\n]{1,200})')?[^\n]{0,200}(?:message authentication failed|bad value|illegal base64|unknown value version)/i;

/**
 * Explains that a secret of the stack's file was changed or copied from another stack; null where the output says
 * something else. Pure.
 */
export function explainCorruptSecret(output: string, stackFile: StackFile | null): InvalidInputError | null {
  const match = corruptPattern.exec(output);
  if (match === null) return null;
  const lines = stackFile === null ? [] : listSecrets(stackFile).map(({ line }) => line);
  const where = lines.length === 0 ? "" : `, line ${lines.join(" or ")}`;
  const key = match[1] === undefined ? "a secret" : `the secret ${match[1]}`;
  return new InvalidInputError(
    "STACK_FILE_INVALID",
    `${stackFile?.path ?? "The stack's configuration file"}${where}: ${key} cannot be decrypted; it or the file's encryptionsalt was changed or lost, or it was copied from another stack.`,
    {
      next: "Put the file's encryptionsalt back from version control where that was lost: Pulumi then writes a new one. Else set the secret again: pulumi config set --secret --path KEY. Each stack has secrets of its own.",
    },
  );
}
