/**
 * What is used of the Kubernetes client library, in one place: the build bundles this file with what it needs of the
 * library, because loading the library's thousand files takes longer than most gates (npm run build).
 */
export {
  AppsV1Api,
  CoreV1Api,
  createConfiguration,
  CustomObjectsApi,
  Exec,
  KubeConfig,
  PolicyV1Api,
  ResponseContext,
  ServerConfiguration,
  VersionApi,
  wrapHttpLibrary,
} from "@kubernetes/client-node";
