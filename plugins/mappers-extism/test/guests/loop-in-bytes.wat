;; Runs for ever when the device says something.
(module
  (import "skerry:mapper/v0" "open" (func $open (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func $ok (result i32) (i32.const 0))
  (func (export "skerry_abi_v0"))
  (export "on_open" (func $ok))
  (export "on_close" (func $ok))
  (export "on_timer" (func $ok))
  (export "on_desired" (func $ok))
  (func (export "start") (result i32) (drop (call $open (i32.const 0) (i32.const 20))) (i32.const 0))
  (func (export "on_bytes") (result i32) (loop $l (br $l)) (i32.const 0))
  (data (i32.const 0) "tcp://127.0.0.1:5020")
)
