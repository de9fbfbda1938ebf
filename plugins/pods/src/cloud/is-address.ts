const octet = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
const v4 = new RegExp(`^${octet}(?:\\.${octet}){3}$`);

/** Whether it is an IPv4 or IPv6 address, without a zone. */
export function isAddress(value: unknown): boolean {
  if (typeof value !== "string" || value.length > 45) return false;
  return v4.test(value) || (/^[0-9a-fA-F:.]+$/.test(value) && URL.canParse(`http://[${value}]`));
}
