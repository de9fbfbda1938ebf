import type { JsonValue, KindInfo } from "../kinds.ts";
import type { Column } from "./column.ts";
import { eventColumns } from "./event-columns.ts";
import { ageOf } from "./human-duration.ts";
import { memberAt, textAt } from "./member-at.ts";
import { nodeColumns } from "./node-columns.ts";
import { podColumns } from "./pod-columns.ts";
import { endpointSliceColumns, serviceColumns } from "./service-columns.ts";
import { textColumn } from "./text-column.ts";
import { deploymentColumns, replicaSetColumns } from "./workload-columns.ts";

const nameDescription =
  "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a " +
  "client to request the generation of an appropriate name automatically.";

export const nameColumn: Column = {
  definition: { name: "Name", type: "string", format: "name", description: nameDescription, priority: 0 },
  cell: (object) => textAt(object, "metadata", "name"),
};

export const creationColumn: Column = {
  definition: {
    name: "Created At",
    type: "date",
    format: "",
    description: "CreationTimestamp is a timestamp representing the server time when this object was created.",
    priority: 0,
  },
  cell: (object) => textAt(object, "metadata", "creationTimestamp"),
};

const age = textColumn("Age", "How long ago the object was created.", (object, now) =>
  ageOf(memberAt(object, "metadata", "creationTimestamp"), now),
);

const countColumn = (name: string, ...members: string[]): Column => ({
  definition: { name, type: "string", format: "", description: `Entries of ${members.join(" and ")}.`, priority: 0 },
  cell: (object) => members.reduce((sum, member) => sum + sizeOf(memberAt(object, member)), 0),
});

const tables: Readonly<Record<string, readonly Column[]>> = {
  "/Namespace": [
    nameColumn,
    textColumn("Status", "The status of the namespace", (object) => textAt(object, "status", "phase")),
    age,
  ],
  "/Node": [nameColumn, ...nodeColumns(age)],
  "/Pod": [nameColumn, ...podColumns(age)],
  "apps/Deployment": [nameColumn, ...deploymentColumns(age)],
  "apps/ReplicaSet": [nameColumn, ...replicaSetColumns(age)],
  "/Service": [nameColumn, ...serviceColumns(age)],
  "discovery.k8s.io/EndpointSlice": [nameColumn, ...endpointSliceColumns(age)],
  "/ServiceAccount": [nameColumn, countColumn("Secrets", "secrets"), age],
  "node.k8s.io/RuntimeClass": [
    nameColumn,
    textColumn("Handler", "The runtime of a node that runs the class's pods.", (object) => textAt(object, "handler")),
    age,
  ],
  "/ConfigMap": [nameColumn, countColumn("Data", "data", "binaryData"), age],
  "/Secret": [
    nameColumn,
    textColumn("Type", "Used to facilitate programmatic handling of secret data.", (object) => textAt(object, "type")),
    countColumn("Data", "data"),
    age,
  ],
  "/Event": eventColumns,
  "events.k8s.io/Event": eventColumns,
  "coordination.k8s.io/Lease": [
    nameColumn,
    textColumn("Holder", "The identity of the holder of a current lease.", (object) =>
      textAt(object, "spec", "holderIdentity"),
    ),
    age,
  ],
};

/** kubectl's columns of a kind of Kubernetes, `undefined` for kinds that have none of their own. */
export function builtInColumns({ group, kind }: Pick<KindInfo, "group" | "kind">): readonly Column[] | undefined {
  const id = `${group}/${kind}`;
  return Object.hasOwn(tables, id) ? tables[id] : undefined;
}

function sizeOf(value: JsonValue | undefined): number {
  return typeof value === "object" && value !== null ? Object.keys(value).length : 0;
}
