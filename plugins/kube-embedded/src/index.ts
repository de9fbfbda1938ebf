export { EmbeddedKubeEndpoint } from "./endpoint/embedded-kube-endpoint.ts";
export { errors } from "./errors.ts";
export { plugin } from "./plugin.ts";
