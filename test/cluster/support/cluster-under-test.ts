import { type Access, type ApiClient } from "./api-client.js";

/** A cluster that suites may do with as they like: a control plane of ours, or one that was given. */
export interface ClusterUnderTest {
  api: ApiClient;
  access: Access;
  /** For programs; leads straight to the API server. */
  kubeconfig: string;
  /** Everything written beside it lies in here. */
  folder: string;
  /** Image of the stand-ins' containers; null where none is pulled. */
  image: string | null;
  /** Puts away what the suites made, in the cluster and here. */
  stop(): Promise<void>;
}
