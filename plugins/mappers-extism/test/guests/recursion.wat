;; Calls itself until the stack is full.
(module
  (memory (export "memory") 1)
  (func $ok (result i32) (i32.const 0))
  (func (export "skerry_abi_v0"))
  (export "start" (func $ok))
  (export "on_open" (func $ok))
  (export "on_bytes" (func $ok))
  (export "on_close" (func $ok))
  (export "on_desired" (func $ok))
  (func $deep (export "on_timer") (result i32) (call $deep))
)
