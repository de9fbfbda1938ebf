export { KubeconfigEndpoint } from "./kubeconfig-endpoint.ts";
export { plugin } from "./plugin.ts";
