import { namedNodes } from "../node-selector.ts";
import { always, type Filter, fits } from "./filter.ts";

const reason = ["node(s) didn't satisfy plugin(s) [NodeAffinity]"];

/** Where required node affinity names its nodes, others are not even looked at. */
export const namedNodesOnly: Filter = ({ demand }) => {
  const names = namedNodes(demand);
  if (names === undefined) return always;
  return ({ node }) => (names.has(node.name) ? fits : reason);
};
