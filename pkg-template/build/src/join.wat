;; Puts the code of a module together again from the streams that `split.rs` has made of it.
;;
;; Memory: at 0 where each stream goes on, the symbols' own first; at 64 the value of each character; at 192 what the values stand for in
;; words and tables; at 448 the symbols, 12 bytes each: how many bytes of code it stands for, which stream a number that follows is
;; taken from, as an address below 64, and these bytes.
(module
  (memory (export "memory") 32)
  (global $to (mut i32) (i32.const 0))

  ;; Writes what the characters from one address to another stand for: words and tables up to the border, streams behind it.
  (func (export "read") (param $at i32) (param $end i32) (param $next i32) (param $border i32)
    (local $value i32)
    (loop $character
      (if (i32.gt_u (local.tee $value (i32.load8_u offset=64 (i32.load8_u (local.get $at)))) (i32.const 87))
        (then
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (local.set $value
            (i32.add
              (i32.mul (i32.sub (local.get $value) (i32.const 88)) (i32.const 90))
              (i32.add (i32.load8_u offset=64 (i32.load8_u (local.get $at))) (i32.const 88))))))
      (i32.store8 (local.get $next)
        (select
          (i32.load8_u offset=192 (local.get $value))
          (local.get $value)
          (i32.lt_u (local.get $next) (local.get $border))))
      (local.set $next (i32.add (local.get $next) (i32.const 1)))
      (br_if $character
        (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 1))) (local.get $end)))))

  ;; Copies a number of variable length from a stream to where the code goes on, and gives its value.
  (func $number (param $stream i32) (result i32)
    (local $at i32) (local $byte i32) (local $value i32) (local $shift i32)
    (local.set $at (i32.load (local.get $stream)))
    (loop $next
      (i32.store8 (global.get $to) (local.tee $byte (i32.load8_u (local.get $at))))
      (global.set $to (i32.add (global.get $to) (i32.const 1)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (local.set $value
        (i32.or (local.get $value) (i32.shl (i32.and (local.get $byte) (i32.const 127)) (local.get $shift))))
      (local.set $shift (i32.add (local.get $shift) (i32.const 7)))
      (br_if $next (i32.gt_u (local.get $byte) (i32.const 127))))
    (i32.store (local.get $stream) (local.get $at))
    (local.get $value))

  ;; Copies so many numbers.
  (func $numbers (param $stream i32) (param $count i32)
    (loop $next
      (if (local.get $count)
        (then
          (drop (call $number (local.get $stream)))
          (local.set $count (i32.sub (local.get $count) (i32.const 1)))
          (br $next)))))

  ;; Writes so many functions from an address on, and gives where they end.
  (func (export "join") (param $functions i32) (param $address i32) (result i32)
    (local $start i32) (local $symbol i32) (local $stream i32) (local $length i32) (local $rest i32)
    (global.set $to (local.get $address))
    (loop $function
      ;; The length stands before the function: room is left, and the function moved once the length is known.
      (global.set $to (i32.add (local.tee $start (global.get $to)) (i32.const 3)))
      (call $numbers (i32.const 4) (i32.shl (call $number (i32.const 4)) (i32.const 1)))
      (loop $instruction
        (local.set $symbol
          (i32.add (i32.mul (i32.load8_u (i32.load (i32.const 0))) (i32.const 12)) (i32.const 448)))
        (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
        (i64.store align=1 (global.get $to) (i64.load offset=2 align=1 (local.get $symbol)))
        (i32.store16 offset=8 align=1 (global.get $to) (i32.load16_u offset=10 align=1 (local.get $symbol)))
        (global.set $to (i32.add (global.get $to) (i32.load8_u (local.get $symbol))))
        (br_if $instruction (i32.eqz (local.tee $stream (i32.load8_u offset=1 (local.get $symbol)))))
        ;; Behind the last instruction of a function no stream goes on.
        (if (i32.ne (local.get $stream) (i32.const 60))
          (then
            (local.set $length (call $number (local.get $stream)))
            ;; A table of labels says how many follow, and one more does.
            (if (i32.eq (local.get $stream) (i32.const 8))
              (then (call $numbers (i32.const 8) (i32.add (local.get $length) (i32.const 1)))))
            (br $instruction))))
      (local.set $rest (local.tee $length (i32.sub (i32.sub (global.get $to) (local.get $start)) (i32.const 3))))
      (global.set $to (local.get $start))
      (loop $byte
        (i32.store8 (global.get $to)
          (i32.or (i32.and (local.get $rest) (i32.const 127)) (i32.shl (i32.gt_u (local.get $rest) (i32.const 127)) (i32.const 7))))
        (global.set $to (i32.add (global.get $to) (i32.const 1)))
        (br_if $byte (local.tee $rest (i32.shr_u (local.get $rest) (i32.const 7)))))
      (memory.copy (global.get $to) (i32.add (local.get $start) (i32.const 3)) (local.get $length))
      (global.set $to (i32.add (global.get $to) (local.get $length)))
      (br_if $function (local.tee $functions (i32.sub (local.get $functions) (i32.const 1)))))
    (global.get $to)))
