/**
 * Re-exports everything this project uses of the Kubernetes client library. The build bundles this file with the parts
 * of the library that it needs, because loading the library's thousand files takes longer than most gates (npm run
 * build).
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
