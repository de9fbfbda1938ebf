import { isTolerated } from "../toleration.ts";
import { type Filter, fits } from "./filter.ts";

const reason = ["node(s) were unschedulable"];
const taint = { key: "node.kubernetes.io/unschedulable", value: "", effect: "NoSchedule" };

/** A cordoned node takes only Pods that tolerate that. */
export const nodeUnschedulable: Filter = ({ tolerations }) => {
  const isAllowed = isTolerated(taint, tolerations);
  return ({ node }) => (node.isUnschedulable && !isAllowed ? reason : fits);
};
