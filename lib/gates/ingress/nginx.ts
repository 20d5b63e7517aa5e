/** The Service of the controller before Traefik, which may run beside it until 4.9.14. */
export const nginxService = { namespace: "ingress-nginx", service: "ingress-nginx-controller" };
