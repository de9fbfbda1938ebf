;; Wants its event behind the end of its memory.
(module
  (import "skerry:mapper/v0" "event_read" (func $event_read (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func $ok (result i32) (i32.const 0))
  (func (export "skerry_abi_v0"))
  (export "start" (func $ok))
  (export "on_open" (func $ok))
  (export "on_bytes" (func $ok))
  (export "on_close" (func $ok))
  (export "on_desired" (func $ok))
  (func (export "on_timer") (result i32) (drop (call $event_read (i32.const 65534) (i32.const 100))) (i32.const 0))
)
