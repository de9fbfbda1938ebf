;; Takes all the memory it can get, then traps when there is no more.
(module
  (memory (export "memory") 1)
  (func $ok (result i32) (i32.const 0))
  (func (export "skerry_abi_v0"))
  (export "start" (func $ok))
  (export "on_open" (func $ok))
  (export "on_bytes" (func $ok))
  (export "on_close" (func $ok))
  (export "on_desired" (func $ok))
  (func (export "on_timer") (result i32)
    (loop $l (br_if $l (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
    (i32.store (i32.const 1048576) (i32.const 1)) (i32.const 0))
)
