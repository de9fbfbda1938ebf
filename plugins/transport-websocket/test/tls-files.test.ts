import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { readTlsFiles } from "../src/tls-files.ts";
import { TestAuthority } from "./test-authority.ts";

it("files that hold the same are not checked again; others are, and refused when they do not fit", async () => {
  const authority = await TestAuthority.create();
  onTestFinished(() => authority[Symbol.asyncDispose]());
  const settings = await authority.issue({ subject: "CN=edge-1", usage: "client" }, "one");
  const first = await readTlsFiles(settings, authority.folder);
  expect(await readTlsFiles(settings, authority.folder, first)).toBe(first);

  const other = await authority.issue({ subject: "CN=edge-1", usage: "client" }, "two");
  await copyFile(join(authority.folder, other.certificate), join(authority.folder, settings.certificate));
  await expect(readTlsFiles(settings, authority.folder, first)).rejects.toMatchObject({
    code: "SKERRY_TRANSPORT_BAD_TLS_FILE",
    details: { setting: "tls.key", problem: "is not the key of the certificate" },
  });
  await copyFile(join(authority.folder, other.key), join(authority.folder, settings.key));
  const renewed = await readTlsFiles(settings, authority.folder, first);
  expect(renewed.certificate).not.toEqual(first.certificate);
  expect(renewed.context).not.toBe(first.context);
});
