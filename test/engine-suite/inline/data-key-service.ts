import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo } from "node:net";

/**
 * A key service in the form of Vault's transit engine that keeps nothing secret: with a passphrase, each run of `pulumi`
 * would derive the key anew for a fifth of a second.
 */
export async function serveDataKeys(): Promise<{ environment: Record<string, string>; close: () => void }> {
  const server = createServer((request, response) => {
    void readBody(request).then((text) => {
      const { plaintext = "", ciphertext = "" } = JSON.parse(text) as { plaintext?: string; ciphertext?: string };
      const encrypts = request.url?.includes("/encrypt/") ?? false;
      const data = encrypts
        ? { ciphertext: `vault:v1:${plaintext}` }
        : { plaintext: ciphertext.slice("vault:v1:".length) };
      response.setHeader("content-type", "application/json").end(JSON.stringify({ data }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const environment = { VAULT_SERVER_URL: `http://127.0.0.1:${port}`, VAULT_SERVER_TOKEN: "test" };
  return { environment, close: () => server.close() };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const bytes of request) text += String(bytes);
  return text;
}
