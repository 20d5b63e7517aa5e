import { AwsV4Signer } from "aws4fetch";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo } from "node:net";

/** A small S3: list, get and put of one bucket, signatures checked. */
export interface BucketServer {
  environment: Record<string, string>;
  objects: Map<string, string>;
  /** Says before each answer what to answer instead. */
  faults: ((method: string, key: string) => number | "cut" | "lost-answer" | null)[];
  /** Every page of a list names another one. */
  isEndless: boolean;
  /** Access key of each request that was answered. */
  users: string[];
  /** False: If-None-Match is ignored, as some stores do. */
  honoursConditions: boolean;
  stop(): Promise<void>;
}

const faultCodes: Record<number, string> = {
  400: "RequestTimeout",
  429: "TooManyRequests",
  500: "InternalError",
  503: "SlowDown",
};

export const keys = { accessKeyId: "AKIDTEST", secretAccessKey: "planted-bucket-secret" };

export async function startBucket(pageSize = 2): Promise<BucketServer> {
  const objects = new Map<string, string>();
  const state: BucketServer = {
    environment: {},
    objects,
    faults: [],
    users: [],
    isEndless: false,
    honoursConditions: true,
    stop: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
  const server = createServer((request, response) => {
    void answer(request).then(({ status, body }) => {
      if (status === 0) return request.socket.destroy();
      response.writeHead(status, { "content-type": "application/xml" }).end(body);
      return undefined;
    });
  });
  const answer = async (request: IncomingMessage): Promise<{ status: number; body: string }> => {
    const body = await bodyOf(request);
    const url = new URL(request.url!, `http://${request.headers.host}`);
    if (!(await isSigned(request, url, body)))
      return { status: 403, body: "<Error><Code>SignatureDoesNotMatch</Code></Error>" };
    const key = decodeURIComponent(url.pathname.replace("/bucket/", ""));
    const fault = state.faults.map((find) => find(request.method!, key)).find((found) => found !== null);
    state.users.push(/Credential=([^/]+)/.exec(request.headers.authorization ?? "")?.[1] ?? "");
    if (fault === "cut") return { status: 0, body: "" };
    if (typeof fault === "number")
      return { status: fault, body: `<Error><Code>${faultCodes[fault] ?? "AccessDenied"}</Code></Error>` };
    const done = handle(request, url, key, body);
    return fault === "lost-answer" ? { status: 0, body: "" } : done;
  };
  const handle = (request: IncomingMessage, url: URL, key: string, body: string): { status: number; body: string } => {
    if (request.method === "PUT") {
      if (state.honoursConditions && request.headers["if-none-match"] === "*" && objects.has(key))
        return { status: 412, body: "" };
      objects.set(key, body);
      return { status: 200, body: "" };
    }
    if (key !== "") return objects.has(key) ? { status: 200, body: objects.get(key)! } : { status: 404, body: "" };
    const { prefix = "", ...query } = Object.fromEntries(url.searchParams);
    const after = query["continuation-token"] ?? query["start-after"] ?? "";
    const found = [...objects.keys()].filter((name) => name.startsWith(prefix) && name > after).sort();
    const page = found.slice(0, pageSize);
    if (state.isEndless) return { status: 200, body: "<R><NextContinuationToken>x</NextContinuationToken></R>" };
    const more = found.length > page.length ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : "";
    return { status: 200, body: `<R>${page.map((name) => `<Key>${name}</Key>`).join("")}${more}</R>` };
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  state.environment = {
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_REGION: "eu-central-1",
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
  };
  return state;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

async function isSigned(request: IncomingMessage, url: URL, body: string): Promise<boolean> {
  const said = request.headers.authorization ?? "";
  const names = (/SignedHeaders=([^,]+)/.exec(said)?.[1] ?? "")
    .split(";")
    .filter((name) => name !== "host" && name !== "x-amz-date");
  const signer = new AwsV4Signer({
    ...keys,
    method: request.method!,
    url: url.href,
    headers: Object.fromEntries(names.map((name) => [name, String(request.headers[name])])),
    service: "s3",
    region: "eu-central-1",
    datetime: String(request.headers["x-amz-date"]),
    ...(body === "" ? {} : { body }),
  });
  return (await signer.sign()).headers.get("authorization") === said;
}
