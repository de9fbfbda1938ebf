;; Writes bytes it does not have.
(module
  (import "skerry:mapper/v0" "write" (func $write (param i32 i32 i32)))
  (memory (export "memory") 1)
  (func $ok (result i32) (i32.const 0))
  (func (export "skerry_abi_v0"))
  (export "start" (func $ok))
  (export "on_open" (func $ok))
  (export "on_bytes" (func $ok))
  (export "on_close" (func $ok))
  (export "on_desired" (func $ok))
  (func (export "on_timer") (result i32) (call $write (i32.const 1) (i32.const 65000) (i32.const -1)) (i32.const 0))
)
