;; tanh of float64 numbers, two at a time. With y = 2|x| = k ln 2 + r, |r| <= ln 2 / 2 (Cody and Waite's reduction in two
;; parts), e^r - 1 is its Taylor series to r^14, whose rest is below 1e-19 of it; then E = e^y - 1 = 2^k (e^r - 1) + (2^k - 1)
;; and tanh |x| = E / (E + 2). Working with e^y - 1 keeps small arguments accurate. |x| above 20 gives 1, NaN gives NaN.
(module
  (memory (import "arena" "memory") 1 65536 shared)

  ;; In place over the pairs from $at to $end.
  (func (export "tanh") (param $at i32) (param $end i32)
    (local $x v128) (local $y v128) (local $k v128) (local $r v128) (local $series v128) (local $power v128)
    (loop $next
      (local.set $x (v128.load (local.get $at)))
      (local.set $y (f64x2.min (f64x2.abs (local.get $x)) (v128.const f64x2 20 20)))
      (local.set $y (f64x2.add (local.get $y) (local.get $y)))
      (local.set $k (f64x2.nearest
        (f64x2.mul (local.get $y) (v128.const f64x2 1.4426950408889634 1.4426950408889634))))
      (local.set $r (f64x2.sub
        (f64x2.sub (local.get $y)
          (f64x2.mul (local.get $k) (v128.const f64x2 0.6931471803691238 0.6931471803691238)))
        (f64x2.mul (local.get $k) (v128.const f64x2 1.9082149292705877e-10 1.9082149292705877e-10))))
      (local.set $series (v128.const f64x2 1.1470745597729725e-11 1.1470745597729725e-11))
      (local.set $series (f64x2.add (f64x2.mul (local.get $series) (local.get $r)) (v128.const f64x2 1.6059043836821613e-10 1.6059043836821613e-10)))
      (local.set $series (f64x2.add (f64x2.mul (local.get $series) (local.get $r)) (v128.const f64x2 2.08767569878681e-09 2.08767569878681e-09)))
      (local.set $series (f64x2.add (f64x2.mul (local.get $series) (local.get $r)) (v128.const f64x2 2.505210838544172e-08 2.505210838544172e-08)))
      (local.set $series (f64x2.add (f64x2.mul (local.get $series) (local.get $r)) (v128.const f64x2 2.755731922398589e-07 2.755731922398589e-07)))
      (local.set $series (f64x2.add (f64x2.mul (local.get $series) (local.get $r)) (v128.const f64x2 2.7557319223985893e-06 2.7557319223985893e-06)))
      (local.set $series (f64x2.add (f64x2.mul (local.get $series) (local.get $r)) (v128.const f64x2 2.48015873015873e-05 2.48015873015873e-05)))
      (local.set $series (f64x2.add (f64x2.mul (local.get $series) (local.get $r)) (v128.const f64x2 0.0001984126984126984 0.0001984126984126984)))
      (local.set $series (f64x2.add (f64x2.mul (local.get $series) (local.get $r)) (v128.const f64x2 0.001388888888888889 0.001388888888888889)))
      (local.set $series (f64x2.add (f64x2.mul (local.get $series) (local.get $r)) (v128.const f64x2 0.008333333333333333 0.008333333333333333)))
      (local.set $series (f64x2.add (f64x2.mul (local.get $series) (local.get $r)) (v128.const f64x2 0.041666666666666664 0.041666666666666664)))
      (local.set $series (f64x2.add (f64x2.mul (local.get $series) (local.get $r)) (v128.const f64x2 0.16666666666666666 0.16666666666666666)))
      (local.set $series (f64x2.add (f64x2.mul (local.get $series) (local.get $r)) (v128.const f64x2 0.5 0.5)))
      (local.set $series (f64x2.add (local.get $r)
        (f64x2.mul (f64x2.mul (local.get $r) (local.get $r)) (local.get $series))))
      ;; Adding 1.5 * 2^52 leaves the integer k in the low bits; shifted into the exponent it is 2^k.
      (local.set $power (i64x2.shl
        (i64x2.add
          (f64x2.add (local.get $k) (v128.const f64x2 6755399441055744 6755399441055744))
          (v128.const i64x2 1023 1023))
        (i32.const 52)))
      (local.set $series (f64x2.add
        (f64x2.mul (local.get $power) (local.get $series))
        (f64x2.sub (local.get $power) (v128.const f64x2 1 1))))
      (v128.store (local.get $at)
        (v128.bitselect
          (local.get $x)
          (f64x2.div (local.get $series) (f64x2.add (local.get $series) (v128.const f64x2 2 2)))
          (v128.const i64x2 0x8000000000000000 0x8000000000000000)))
      (br_if $next (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end)))))
)
