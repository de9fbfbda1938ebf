import { readFile } from "node:fs/promises";
import { stringify } from "yaml";
import type { Home } from "../home.ts";
import { certificates } from "./pki.ts";
import { replaceFile } from "./write-file.ts";

/** Writes a kubeconfig for the cluster's administrator, complete in itself. Mode 0600: it holds a key. */
export async function writeKubeconfig(home: Home, server: string): Promise<string> {
  const data = async (name: string) => (await readFile(home.file("pki", name))).toString("base64");
  const file = home.file("kubeconfig");
  const contents = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "skerry",
    clusters: [
      { name: "skerry", cluster: { server, "certificate-authority-data": await data(`${certificates.ca}.crt`) } },
    ],
    users: [
      {
        name: "admin",
        user: {
          "client-certificate-data": await data(`${certificates.admin}.crt`),
          "client-key-data": await data(`${certificates.admin}.key`),
        },
      },
    ],
    contexts: [{ name: "skerry", context: { cluster: "skerry", user: "admin", namespace: "default" } }],
  };
  await replaceFile(file, stringify(contents), 0o600);
  return file;
}
