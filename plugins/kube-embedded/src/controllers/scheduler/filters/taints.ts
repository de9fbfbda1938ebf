import { keepsAway } from "../toleration.ts";
import { type Filter, fits } from "./filter.ts";

/** A Pod has to tolerate every taint of its node that keeps Pods away. */
export const taints: Filter = ({ tolerations }) => {
  return ({ node }) => {
    const found = keepsAway(node, tolerations);
    return found === undefined ? fits : [`node(s) had untolerated taint {${found.key}: ${found.value}}`];
  };
};
