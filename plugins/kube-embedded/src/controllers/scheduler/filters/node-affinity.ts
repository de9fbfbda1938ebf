import { meetsDemand } from "../node-selector.ts";
import { type Filter, fits } from "./filter.ts";

const reason = ["node(s) didn't match Pod's node affinity/selector"];

/** `nodeSelector` and required node affinity. */
export const nodeAffinity: Filter = ({ demand }) => {
  return ({ node }) => (meetsDemand(node, demand) ? fits : reason);
};
