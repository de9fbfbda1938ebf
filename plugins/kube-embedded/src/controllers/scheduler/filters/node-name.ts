import { always, type Filter, fits } from "./filter.ts";

const reason = ["node(s) didn't match the requested node name"];

/** A Pod that names its node fits no other. */
export const nodeName: Filter = ({ nodeName: wanted }) => {
  if (wanted === "") return always;
  return ({ node }) => (node.name === wanted ? fits : reason);
};
