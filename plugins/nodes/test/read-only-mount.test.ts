import { describe, expect, it } from "vitest";
import { isReadOnlyMount } from "../src/edge/index.ts";

const mountinfo = `22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro
23 22 0:21 / /proc rw - proc proc rw
31 22 8:2 / /data rw,relatime - ext4 /dev/sda2 rw,abort,emergency_ro
32 22 8:3 / /data-two rw,relatime - ext4 /dev/sda3 rw
33 22 8:4 / /media/a\\040card ro,relatime - vfat /dev/sdb1 rw
34 22 8:5 / /over rw - ext4 /dev/sdc1 ro
35 22 8:6 / /over rw - tmpfs tmpfs rw
36 22 8:7 / /whole ro shared:2 master:1 - ext4 /dev/sdd1 rw,commit=5
`;

describe("a folder on a file system", () => {
  it.each([
    ["that works", "/var/lib/skerry", false],
    ["that is the root", "/", false],
    ["that found itself damaged", "/data/skerry/edge", true],
    ["whose name begins as another's", "/data-two/edge", false],
    ["that is mounted read-only, with a space in its name", "/media/a card/edge", true],
    ["that lies over a read-only one", "/over/edge", false],
    ["that has optional fields", "/whole", true],
  ])("%s", (_, folder, isReadOnly) => {
    expect(isReadOnlyMount(mountinfo, folder)).toBe(isReadOnly);
  });

  it("counts as writable where the system does not tell", () => {
    expect(isReadOnlyMount("", "/home")).toBe(false);
    expect(isReadOnlyMount("nonsense\n1 2 3", "/home")).toBe(false);
  });
});
