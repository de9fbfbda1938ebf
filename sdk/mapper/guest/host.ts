// The imports of ABI v0. Everything else in this folder is comfort.

// @ts-ignore: decorator
@external("skerry:mapper/v0", "event_length")
export declare function eventLength(): i32;

// @ts-ignore: decorator
@external("skerry:mapper/v0", "event_read")
export declare function eventRead(at: usize, capacity: i32): i32;

// @ts-ignore: decorator
@external("skerry:mapper/v0", "open")
export declare function hostOpen(url: usize, length: i32): i32;

// @ts-ignore: decorator
@external("skerry:mapper/v0", "write")
export declare function hostWrite(stream: i32, bytes: usize, length: i32): void;

// @ts-ignore: decorator
@external("skerry:mapper/v0", "close")
export declare function hostClose(stream: i32): void;

// @ts-ignore: decorator
@external("skerry:mapper/v0", "timer")
export declare function hostTimer(id: i32, ms: i32): void;

// @ts-ignore: decorator
@external("skerry:mapper/v0", "report")
export declare function hostReport(property: i32, value: usize, length: i32): void;

// @ts-ignore: decorator
@external("skerry:mapper/v0", "trouble")
export declare function hostTrouble(property: i32, reason: usize, length: i32): void;

// @ts-ignore: decorator
@external("skerry:mapper/v0", "settle")
export declare function hostSettle(desire: i32): void;

// @ts-ignore: decorator
@external("skerry:mapper/v0", "reject")
export declare function hostReject(desire: i32, reason: usize, length: i32): void;

// @ts-ignore: decorator
@external("skerry:mapper/v0", "condition")
export declare function hostCondition(
  type: i32, status: i32, reason: usize, reasonLength: i32, message: usize, messageLength: i32,
): void;

// @ts-ignore: decorator
@external("skerry:mapper/v0", "log")
export declare function hostLog(level: i32, text: usize, length: i32): void;

// @ts-ignore: decorator
@external("skerry:mapper/v0", "state")
export declare function hostState(bytes: usize, length: i32): void;
