import type { DeviceConnection, TcpAddress } from "@skerry/contracts";
import { errors } from "../errors.ts";
import { tcpUrl } from "./guest-streams.ts";

/** The one address a device grants its mapper; none without `connection.tcp`. Throws `SKERRY_MAPPERS_BAD_CONNECTION`. */
export function grantOf(connection: DeviceConnection): TcpAddress | undefined {
  const { tcp } = connection;
  if (tcp === undefined) return undefined;
  const { host, port } = tcp;
  if (typeof host !== "string" || !/^[A-Za-z0-9._:%-]{1,253}$/.test(host)) {
    throw errors.create("SKERRY_MAPPERS_BAD_CONNECTION", {
      field: "connection.tcp.host",
      expected: "a host name or an IP address",
      found: String(host).slice(0, 80),
    });
  }
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw errors.create("SKERRY_MAPPERS_BAD_CONNECTION", {
      field: "connection.tcp.port",
      expected: "an integer from 1 to 65535",
      found: String(port).slice(0, 80),
    });
  }
  return { host, port };
}

/** The grants as the guest reads them, by kind. */
export function grantUrls(connection: DeviceConnection): Readonly<Record<string, string>> {
  const address = grantOf(connection);
  return address ? { tcp: tcpUrl(address) } : {};
}
