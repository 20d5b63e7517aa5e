import { InvalidInputError, NotNowError, PaletteError } from "../base/errors/errors.js";
import { cutOffPattern, createCutOffError } from "./cut-off-state.js";
import { parseHolder, formatHolder } from "./pulumi-lock.js";

interface Trouble {
  pattern: RegExp;
  explain: (match: RegExpExecArray) => PaletteError;
}

/**
 * What Pulumi and gocloud.dev put before every error of a cloud's secrets provider. Pulumi's own service (type
 * "service") is the backend itself.
 */
const secretsSource =
  /secrets (?:manager|provider)\b(?! of type "service")|secrets \(code=|open (?:keeper |secrets\.Keeper)|decrypt(?:ing)? (?:encrypted )?(?:secret|config)|operation error KMS|\/v1\/transit\/|vault\.azure\.net\/keys\//i;
/** The names by which people know the providers. */
const providerNames: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/awskms|operation error KMS|amazonaws|AWS|customer master key/i, "AWS KMS (awskms)"],
  [/keyvault|vault\.azure|AzureCredential/i, "Azure Key Vault (azurekeyvault)"],
  [/gcpkms|cloudkms|google/i, "Google Cloud KMS (gcpkms)"],
  [/hashivault|VAULT_|\/v1\/transit\//, "HashiCorp Vault (hashivault)"],
];

/** The stack's secrets provider refuses. The backend has answered then: it holds the key that is to be decrypted. */
const secretsTrouble: Trouble = {
  pattern: secretsSource,
  explain: ({ input }) => {
    const line = input.split("\n").find((each) => secretsSource.test(each)) ?? input;
    const why = line
      .replace(/^error: /, "")
      .trim()
      // `pulumi config --show-secrets` counts the errors in one.
      .replace(/^\d+\) /, "")
      .replace(/\.$/, "")
      .slice(0, 300);
    const name = providerNames.find(([pattern]) => pattern.test(input))?.[1];
    return new InvalidInputError(
      "ENGINE_SECRETS_PROVIDER",
      `The stack's secrets provider${name === undefined ? "" : `, ${name},`} does not open its secrets: ${why}.`,
      {
        next: "Look at secretsprovider in the stack's configuration file, at the credentials that it needs and their right to decrypt with that key, and whether this machine reaches it. The place where the stacks are kept is not at fault.",
      },
    );
  },
};

/** Messages of Pulumi's command line outside of its diagnostics, and the errors they stand for. */
const troubles: Trouble[] = [
  {
    pattern:
      /(no(?= \w+ plugin '[\w-]+' found)|Could not automatically download and install) (language|resource) plugin 'pulumi-(?:language|resource)-([\w-]+)'(?:[^\n]*?at version v?(\d+\.\d+\.\d+))?/,
    explain: ([, how, kind, name, version]) =>
      new InvalidInputError(
        "ENGINE_INCOMPLETE",
        `Pulumi lacks its ${kind} plugin ${name}${version ? ` ${version}` : ""}${how === "no" ? "" : ", and could not download it"}.`,
        {
          next:
            kind === "language"
              ? `It comes with Pulumi's release archive (pulumi-language-${name}): put the whole folder on PATH.`
              : `Get it with: pulumi plugin install resource ${name}${version ? ` ${version}` : ""} (without internet: --file ARCHIVE, from the plugin's release page, or a mirror: docs/engine-setup.md).`,
        },
      ),
  },
  {
    pattern: /passphrase must be set|incorrect passphrase|unable to read PULUMI_CONFIG_PASSPHRASE_FILE[^\n]*/,
    explain: ([said]) =>
      new InvalidInputError("ENGINE_PASSPHRASE", `The stack's secrets cannot be opened: ${said}.`, {
        next: "Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to the stack's passphrase.",
      }),
  },
  secretsTrouble,
  {
    pattern: /PULUMI_ACCESS_TOKEN must be set|not logged in|pulumi login/,
    explain: () =>
      new InvalidInputError("ENGINE_BACKEND", "Pulumi does not know where the stacks are kept.", {
        next: "Log in (pulumi login, or pulumi login file://FOLDER) or set PULUMI_BACKEND_URL; in CI also PULUMI_ACCESS_TOKEN.",
      }),
  },
  {
    pattern: /validating stack config: ([^\n]+)/,
    explain: ([, said]) =>
      new InvalidInputError("SETTINGS_INVALID", `The stack's configuration is not valid: ${said!.trimEnd()}.`, {
        next: "Correct that key in the stack's configuration file; Pulumi.yaml describes each of them.",
      }),
  },
  {
    pattern: /pulumi was ended from outside by (SIG\w+)/,
    explain: ([, signal]) =>
      new PaletteError("ENGINE_KILLED", 1, `Pulumi was ended from outside by ${signal} in the middle of its work.`, {
        next: "Run the same command again: it says in what order to clear away what that run left, and then goes on from what is observed.",
      }),
  },
  {
    pattern: cutOffPattern,
    explain: () => createCutOffError([]),
  },
  {
    pattern: /Another update is currently in progress|the stack is currently locked by/,
    explain: ({ input }) => {
      const holder = parseHolder(input);
      const who = holder === null ? "" : `, ${formatHolder(holder)}`;
      return new NotNowError("STACK_LOCKED", `Another update of this stack is under way${who}.`, {
        next: "Wait until it has ended and run this again.",
      });
    },
  },
];

const backendNext =
  "Look at PULUMI_BACKEND_URL (or pulumi login), at the credentials it needs, and whether this machine reaches it.";

/** Its messages while a stack is opened; later the same text may be about the cluster. */
const openingTroubles: Trouble[] = [
  {
    pattern: /unable to open state directory "?([^":]*(?::[^":]*)?)"?: ([^\n]+)/,
    explain: ([, place]) =>
      new InvalidInputError("ENGINE_BACKEND", `The place where the stacks are kept cannot be opened: ${place}.`, {
        next: backendNext,
      }),
  },
  {
    // A gs:// backend and gcpkms say this in the same words.
    pattern: /missing google credentials: ([^\n]+)/,
    explain: ([, why]) =>
      new InvalidInputError(
        "ENGINE_BACKEND",
        `Pulumi finds no credentials of Google Cloud, which keeps the stacks (gs://) or opens their secrets (gcpkms://): ${why!.slice(0, 300)}`,
        { next: "Set GOOGLE_APPLICATION_CREDENTIALS, or run gcloud auth application-default login." },
      ),
  },
  {
    pattern:
      /(?:unable to open bucket|blob \(key|get credentials|AccessDenied|NoSuchBucket|dial tcp|no such host|connection refused|i\/o timeout|TLS handshake|\[40[13]\])[^\n]*/,
    explain: ({ input }) => {
      const said = input.split("\n").find((line) => line.startsWith("error: ")) ?? input;
      const why = said
        .replace(/^error: /, "")
        .trim()
        .slice(0, 300);
      return new InvalidInputError("ENGINE_BACKEND", `The place where the stacks are kept does not answer: ${why}`, {
        next: backendNext,
      });
    },
  },
];

/** Converts the command line's output while a stack is opened to an error; null if unknown. Pure. */
export function explainOpening(output: string): PaletteError | null {
  return findExplanation(output, [...troubles, ...openingTroubles]);
}

/** Converts a failure of the command line to an error; null if unknown. Pure. */
export function explainTrouble(output: string): PaletteError | null {
  return findExplanation(output, troubles);
}

function findExplanation(output: string, known: readonly Trouble[]): PaletteError | null {
  for (const { pattern, explain } of known) {
    const match = pattern.exec(output);
    if (match !== null) return explain(match);
  }
  return null;
}
