;; Sets timers without end.
(module
  (import "skerry:mapper/v0" "timer" (func $timer (param i32 i32)))
  (memory (export "memory") 1)
  (func $ok (result i32) (i32.const 0))
  (func (export "skerry_abi_v0"))
  (export "start" (func $ok))
  (export "on_open" (func $ok))
  (export "on_bytes" (func $ok))
  (export "on_close" (func $ok))
  (export "on_desired" (func $ok))
  (func (export "on_timer") (result i32) (loop $l (call $timer (i32.const 1) (i32.const 1)) (br $l)) (i32.const 0))
)
