import { BlockList, isIP } from "node:net";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Whether nobody outside this machine can reach a listener on `address`. Names other than localhost do not count. */
export function isLoopback(address: string): boolean {
  const family = isIP(address);
  return family === 0 ? address === "localhost" : loopback.check(address, family === 4 ? "ipv4" : "ipv6");
}
