import { InvalidInputError, getErrorMessage } from "../base/errors/errors.js";

interface BucketCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
}

/** Returns credentials that are valid now; temporary ones are renewed before they expire. */
export type CredentialSource = () => Promise<BucketCredentials>;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Selects credentials as Amazon's own clients do: the AWS_* keys, else a profile (also SSO and `credential_process`), a
 * web identity, or the role of the container or instance.
 *
 * @param place The bucket, for messages.
 */
export function selectCredentials(environment: Environment, place: string): CredentialSource {
  const { AWS_ACCESS_KEY_ID: accessKeyId = "", AWS_SECRET_ACCESS_KEY: secretAccessKey = "" } = environment;
  if (accessKeyId !== "" && secretAccessKey !== "") {
    const sessionToken = environment.AWS_SESSION_TOKEN || undefined;
    return () => Promise.resolve({ accessKeyId, secretAccessKey, sessionToken });
  }
  let chain: CredentialSource | null = null;
  return async () => {
    try {
      chain ??= await createChain(environment);
      return await chain();
    } catch (error) {
      throw createMissingError(place, error);
    }
  };
}

/** Amazon's chain is loaded only where it is needed; it caches and renews what it has found. */
async function createChain({ AWS_PROFILE: profile }: Environment): Promise<CredentialSource> {
  const { defaultProvider } = await import("@aws-sdk/credential-provider-node");
  return defaultProvider(profile ? { profile } : {});
}

function createMissingError(place: string, cause: unknown): InvalidInputError {
  return new InvalidInputError(
    "JOURNAL_CREDENTIALS",
    `The journal is in ${place}, and no credentials for it were found: ${getErrorMessage(cause)}`,
    {
      next: "Give one of these: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN); AWS_PROFILE; AWS_ROLE_ARN with AWS_WEB_IDENTITY_TOKEN_FILE; the role of the container or instance. AWS_REGION and AWS_ENDPOINT_URL as needed.",
      cause,
    },
  );
}
