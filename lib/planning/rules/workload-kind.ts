export type WorkloadKind = "Deployment" | "StatefulSet" | "DaemonSet";
