export { configMapKind } from "./config-map.ts";
export { eventKind, eventLifetimeMs, eventStorage, eventTouchedAt, newEventKind } from "./event.ts";
export { leaseKind } from "./lease.ts";
export { firstNamespaces, namespaceKind } from "./namespace.ts";
export { nodeKind } from "./node.ts";
export { podKind } from "./pod.ts";
export { secretKind } from "./secret.ts";
