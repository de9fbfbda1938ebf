;; Sets a timer of no time, for ever: within each call, all is well.
(module
  (import "skerry:mapper/v0" "timer" (func $timer (param i32 i32)))
  (memory (export "memory") 1)
  (func $ok (result i32) (i32.const 0))
  (func (export "skerry_abi_v0"))
  (export "on_open" (func $ok))
  (export "on_bytes" (func $ok))
  (export "on_close" (func $ok))
  (export "on_desired" (func $ok))
  (func $again (export "start") (result i32) (call $timer (i32.const 1) (i32.const 0)) (i32.const 0))
  (export "on_timer" (func $again))
)
