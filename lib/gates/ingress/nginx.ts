/** Service of ingress-nginx, the controller before Traefik; both may run side by side until 4.9.14. */
export const nginxService = { namespace: "ingress-nginx", service: "ingress-nginx-controller" };
