export { errors } from "./errors.ts";
export { KubeHttp } from "./http/kube-http.ts";
export { KubeClient } from "./kube-client.ts";
export { plugin } from "./plugin.ts";
