import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { selectCredentials } from "../../lib/journal/bucket-credentials.js";
import { openJournal } from "../../lib/journal/open.js";
import { keys, startBucket } from "./bucket-server.js";
import { ana, note, tickingClock } from "./entries.js";
import { folderOfTest } from "./folder-of-test.js";

const place = "s3://audit/palette";

/** A server of temporary credentials on loopback: of a container, of an instance, and the token service. */
function startCredentialServer(asked: string[]): Promise<Server> {
  const json = JSON.stringify({
    Code: "Success",
    AccessKeyId: "AKIDROLE",
    SecretAccessKey: "role-secret",
    Token: "role-token",
    SessionToken: "role-token",
    Expiration: new Date(Date.now() + 3_600_000).toISOString(),
  });
  const xml = `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>AKIDROLE</AccessKeyId><SecretAccessKey>role-secret</SecretAccessKey><SessionToken>role-token</SessionToken><Expiration>${new Date(Date.now() + 3_600_000).toISOString()}</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;
  const answer = ({ method, url = "" }: IncomingMessage): string => {
    if (url === "/latest/api/token") return "session";
    if (url === "/latest/meta-data/iam/security-credentials/") return "journal-writer";
    return method === "POST" ? xml : json;
  };
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    request.resume().on("end", () => response.end(answer(request)));
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

describe("credentials of a journal's bucket", () => {
  const folder = folderOfTest();
  let server: Server;
  let asked: string[];
  let url: string;
  let before: NodeJS.ProcessEnv;
  beforeEach(async () => {
    asked = [];
    server = await startCredentialServer(asked);
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    before = { ...process.env };
    for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
    // Nothing of the person who runs the test.
    process.env.AWS_SHARED_CREDENTIALS_FILE = folder.path("credentials");
    process.env.AWS_CONFIG_FILE = folder.path("config");
    process.env.AWS_EC2_METADATA_DISABLED = "true";
  });
  afterEach(async () => {
    for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
    Object.assign(process.env, before);
    await new Promise((resolve) => server.close(resolve).closeAllConnections());
  });

  const role = ["AKIDROLE", "role-secret", "role-token"];
  const profiles = "[default]\naws_access_key_id = AKIDFILE\naws_secret_access_key = file-secret\n";
  const sources: {
    title: string;
    set: () => Record<string, string>;
    found: (string | undefined)[];
    asked?: string[];
  }[] = [
    {
      title: "the keys of the environment, even beside a profile, and nobody is asked",
      set: () => ({
        AWS_PROFILE: "audit",
        AWS_ACCESS_KEY_ID: "AKIDENV",
        AWS_SECRET_ACCESS_KEY: "env-secret",
        AWS_SESSION_TOKEN: "t",
      }),
      found: ["AKIDENV", "env-secret", "t"],
    },
    { title: "the default profile", set: () => ({}), found: ["AKIDFILE", "file-secret", undefined] },
    {
      title: "a named profile",
      set: () => {
        writeFileSync(
          folder.path("credentials"),
          `${profiles}[audit]\naws_access_key_id = A\naws_secret_access_key = B\n`,
        );
        return { AWS_PROFILE: "audit" };
      },
      found: ["A", "B", undefined],
    },
    {
      title: "a program that hands them out (credential_process)",
      set: () => {
        const json = JSON.stringify({ Version: 1, AccessKeyId: "AKIDPROC", SecretAccessKey: "proc-secret" });
        writeFileSync(folder.path("out.json"), json);
        writeFileSync(folder.path("config"), `[profile audit]\ncredential_process = cat ${folder.path("out.json")}\n`);
        return { AWS_PROFILE: "audit" };
      },
      found: ["AKIDPROC", "proc-secret", undefined],
    },
    {
      title: "a web identity",
      set: () => {
        writeFileSync(folder.path("token"), "jwt");
        return {
          AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/journal",
          AWS_WEB_IDENTITY_TOKEN_FILE: folder.path("token"),
          AWS_ENDPOINT_URL_STS: url,
          AWS_REGION: "eu-central-1",
          AWS_SHARED_CREDENTIALS_FILE: folder.path("none"),
        };
      },
      found: role,
      asked: ["POST /"],
    },
    {
      title: "the role of a container",
      set: () => ({
        AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/role`,
        AWS_SHARED_CREDENTIALS_FILE: folder.path("none"),
      }),
      found: role,
      asked: ["GET /role"],
    },
    {
      title: "the role of an instance",
      set: () => ({
        AWS_EC2_METADATA_DISABLED: "",
        AWS_EC2_METADATA_SERVICE_ENDPOINT: url,
        AWS_SHARED_CREDENTIALS_FILE: folder.path("none"),
      }),
      found: role,
      asked: [
        "PUT /latest/api/token",
        "GET /latest/meta-data/iam/security-credentials/",
        "GET /latest/meta-data/iam/security-credentials/journal-writer",
      ],
    },
  ];
  for (const { title, set, found, asked: expected = [] } of sources) {
    it(title, async () => {
      writeFileSync(folder.path("credentials"), profiles);
      Object.assign(process.env, set());
      const getCredentials = selectCredentials(process.env, place);
      const first = await getCredentials();
      assert.deepEqual([first.accessKeyId, first.secretAccessKey, first.sessionToken], found);
      assert.equal((await getCredentials()).accessKeyId, found[0]);
      assert.deepEqual(asked, expected, "asked once: valid credentials are kept");
    });
  }

  it("without any it says which can be given, and exits with 2", async () => {
    await assert.rejects(selectCredentials(process.env, place)(), {
      code: "JOURNAL_CREDENTIALS",
      exitCode: 2,
      message:
        "The journal is in s3://audit/palette, and no credentials for it were found: Could not load credentials from any providers",
      next: "Give one of these: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN); AWS_PROFILE; AWS_ROLE_ARN with AWS_WEB_IDENTITY_TOKEN_FILE; the role of the container or instance. AWS_REGION and AWS_ENDPOINT_URL as needed.",
    });
  });

  it("a journal is written with a profile's keys, and without any it is refused with exit 2", async () => {
    const bucket = await startBucket();
    try {
      const { AWS_ENDPOINT_URL, AWS_REGION } = bucket.environment;
      Object.assign(process.env, { AWS_ENDPOINT_URL, AWS_REGION });
      const options = { stack: "prod", actor: ana, clock: tickingClock(), projectDir: folder.path() };
      await assert.rejects(openJournal("s3://bucket/audit", options), { code: "JOURNAL_CREDENTIALS", exitCode: 2 });
      const { accessKeyId, secretAccessKey } = keys;
      // Another path, because the SDK keeps what it has read.
      process.env.AWS_SHARED_CREDENTIALS_FILE = folder.path("created-later");
      writeFileSync(
        folder.path("created-later"),
        `[audit]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
      );
      process.env.AWS_PROFILE = "audit";
      const journal = await openJournal("s3://bucket/audit", options);
      assert.equal((await journal.append(note("one"))).sequence, 1);
      assert.deepEqual([...new Set(bucket.users)], [accessKeyId]);
    } finally {
      await bucket.stop();
    }
  });
});
