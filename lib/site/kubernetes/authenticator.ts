import { readFileSync } from "node:fs";
import { type KubeConfig } from "@kubernetes/client-node";
import { type ClusterAccess } from "./access.js";
import { type ExecCredential, runExecPlugin } from "./exec-plugin.js";

type Authenticator = Parameters<KubeConfig["addAuthenticator"]>[0] & {
  /**
   * Forgets what a request with this Authorization header was refused with (401), as kubectl does, so that the plugin or
   * the file is asked again; false where there is nothing to ask. What another request has renewed meanwhile is kept,
   * where the header is known.
   */
  renew(authorization: string | undefined): Promise<boolean>;
};

/** A token file is read again after this time, as kubectl does: it is renewed while programs run. */
const tokenLifeMs = 60_000;
/** A credential is renewed this long before it ends. */
const renewBeforeMs = 10_000;

/** Creates the part of the library's client that adds the token of a file, or the credential of a plugin. */
export function createAuthenticator({ tokenFile, plugin }: ClusterAccess): Authenticator {
  let token = { text: "", readAt: -Infinity };
  let credential: Promise<ExecCredential> | null = null;
  let expiresAt = Infinity;
  const readToken = (file: string): string => {
    if (performance.now() - token.readAt > tokenLifeMs)
      token = { text: readFileSync(file, "utf8").trim(), readAt: performance.now() };
    return token.text;
  };
  const getCredential = async (): Promise<ExecCredential | null> => {
    if (plugin === null) return null;
    if (credential === null || Date.now() > expiresAt - renewBeforeMs) credential = runExecPlugin(plugin);
    const found = await credential.catch((thrown: unknown) => {
      credential = null;
      throw thrown;
    });
    expiresAt = found.expiresAt ?? Infinity;
    return found;
  };
  return {
    async renew(authorization) {
      if (tokenFile !== null) {
        token = { text: "", readAt: -Infinity };
        return true;
      }
      const used = credential;
      if (plugin === null || used === null) return plugin !== null;
      const { token: current } = await used.catch(() => ({ token: null }));
      if (
        credential === used &&
        (current === null || authorization === undefined || authorization === `Bearer ${current}`)
      )
        credential = null;
      return true;
    },
    isAuthProvider: () => tokenFile !== null || plugin !== null,
    async applyAuthentication(_user, options) {
      const found = await getCredential();
      if (found?.certificate && found.key) Object.assign(options, { cert: found.certificate, key: found.key });
      const bearer = tokenFile === null ? found?.token : readToken(tokenFile);
      if (bearer) options.headers = { ...options.headers, Authorization: `Bearer ${bearer}` };
    },
  };
}
