/** Name of a Modbus exception code (Modbus Application Protocol V1.1b3, section 7). */
export function exceptionName(code: i32): string {
  switch (code) {
    case 1: return "illegal function";
    case 2: return "illegal data address";
    case 3: return "illegal data value";
    case 4: return "server device failure";
    case 5: return "acknowledge";
    case 6: return "server device busy";
    case 8: return "memory parity error";
    case 10: return "gateway path unavailable";
    case 11: return "gateway target device failed to respond";
    default: return "exception " + code.toString();
  }
}

/** The device asks to come again later. */
export function isBusy(code: i32): bool {
  return code == 5 || code == 6;
}

/** A gateway answered, and says that the device behind it did not. */
export function isGateway(code: i32): bool {
  return code == 10 || code == 11;
}
