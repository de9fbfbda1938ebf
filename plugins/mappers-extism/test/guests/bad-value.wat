;; Reports bytes that are no value.
(module
  (import "skerry:mapper/v0" "report" (func $report (param i32 i32 i32)))
  (memory (export "memory") 1)
  (func $ok (result i32) (i32.const 0))
  (func (export "skerry_abi_v0"))
  (export "on_open" (func $ok))
  (export "on_bytes" (func $ok))
  (export "on_close" (func $ok))
  (export "on_timer" (func $ok))
  (export "on_desired" (func $ok))
  (func (export "start") (result i32) (call $report (i32.const 0) (i32.const 0) (i32.const 2)) (i32.const 0))
  (data (i32.const 0) "\09\01")
)
