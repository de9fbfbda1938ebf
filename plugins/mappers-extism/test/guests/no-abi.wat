;; States no ABI version.
(module
  (memory (export "memory") 1)
  (func $ok (result i32) (i32.const 0))
  (export "start" (func $ok))
  (export "on_open" (func $ok))
  (export "on_bytes" (func $ok))
  (export "on_close" (func $ok))
  (export "on_timer" (func $ok))
  (export "on_desired" (func $ok))
)
