;; Reads its event again and again: no effect, but the host's time.
(module
  (import "skerry:mapper/v0" "event_length" (func $event_length (result i32)))
  (memory (export "memory") 1)
  (func $ok (result i32) (i32.const 0))
  (func (export "skerry_abi_v0"))
  (export "start" (func $ok))
  (export "on_open" (func $ok))
  (export "on_bytes" (func $ok))
  (export "on_close" (func $ok))
  (export "on_desired" (func $ok))
  (func (export "on_timer") (result i32) (loop $l (drop (call $event_length)) (br $l)) (i32.const 0))
)
