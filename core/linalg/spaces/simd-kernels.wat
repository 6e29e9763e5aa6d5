;; Kernels of the host vector spaces: 128-bit lanes, four basis vectors a pass so that each load of w serves four products.
;;
;; All addresses are bytes in the imported shared memory, all lengths n are in elements. The loops take 32 bytes of every
;; vector a turn: n must be a positive multiple of 8 (float32) or 4 (float64); callers do the remainder themselves.
;; Vectors may lie at any address, multiples of 16 are fastest.
(module
  (import "arena" "memory" (memory 1 65536 shared))

  (func $sumF64 (param $s v128) (result f64)
    (f64.add (f64x2.extract_lane 0 (local.get $s)) (f64x2.extract_lane 1 (local.get $s))))

  ;; The four partial sums are widened first, so that nothing is lost between them.
  (func $sumF32 (param $s v128) (result f64)
    (call $sumF64
      (f64x2.add
        (f64x2.promote_low_f32x4 (local.get $s))
        (f64x2.promote_low_f32x4
          (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $s) (local.get $s))))))

  ;; out[k] += <basis_k, w> for the four basis vectors a, b, c, d. Within 1024 elements the sums are float32: pairs of
  ;; products, then four partial sums a basis vector of 128 additions each; these are added up in float64. One accumulator
  ;; a basis vector is twice as fast as two: with eight the engine moves accumulators to the stack.
  (func (export "dots4F32")
    (param $a i32) (param $b i32) (param $c i32) (param $d i32) (param $w i32) (param $n i32) (param $out i32)
    (local $left i32) (local $x v128) (local $y v128)
    (local $sa v128) (local $sb v128) (local $sc v128) (local $sd v128)
    (loop $blocks
      (local.set $left (select (i32.const 1024) (local.get $n) (i32.gt_u (local.get $n) (i32.const 1024))))
      (local.set $n (i32.sub (local.get $n) (local.get $left)))
      (local.set $sa (v128.const i32x4 0 0 0 0))
      (local.set $sb (v128.const i32x4 0 0 0 0))
      (local.set $sc (v128.const i32x4 0 0 0 0))
      (local.set $sd (v128.const i32x4 0 0 0 0))
      (loop $turn
        (local.set $x (v128.load (local.get $w)))
        (local.set $y (v128.load offset=16 (local.get $w)))
        (local.set $sa
          (f32x4.add (local.get $sa)
            (f32x4.add (f32x4.mul (local.get $x) (v128.load (local.get $a))) (f32x4.mul (local.get $y) (v128.load offset=16 (local.get $a))))))
        (local.set $sb
          (f32x4.add (local.get $sb)
            (f32x4.add (f32x4.mul (local.get $x) (v128.load (local.get $b))) (f32x4.mul (local.get $y) (v128.load offset=16 (local.get $b))))))
        (local.set $sc
          (f32x4.add (local.get $sc)
            (f32x4.add (f32x4.mul (local.get $x) (v128.load (local.get $c))) (f32x4.mul (local.get $y) (v128.load offset=16 (local.get $c))))))
        (local.set $sd
          (f32x4.add (local.get $sd)
            (f32x4.add (f32x4.mul (local.get $x) (v128.load (local.get $d))) (f32x4.mul (local.get $y) (v128.load offset=16 (local.get $d))))))
        (local.set $a (i32.add (local.get $a) (i32.const 32)))
        (local.set $b (i32.add (local.get $b) (i32.const 32)))
        (local.set $c (i32.add (local.get $c) (i32.const 32)))
        (local.set $d (i32.add (local.get $d) (i32.const 32)))
        (local.set $w (i32.add (local.get $w) (i32.const 32)))
        (br_if $turn (local.tee $left (i32.sub (local.get $left) (i32.const 8)))))
      (f64.store (local.get $out) (f64.add (f64.load (local.get $out)) (call $sumF32 (local.get $sa))))
      (f64.store offset=8 (local.get $out) (f64.add (f64.load offset=8 (local.get $out)) (call $sumF32 (local.get $sb))))
      (f64.store offset=16 (local.get $out) (f64.add (f64.load offset=16 (local.get $out)) (call $sumF32 (local.get $sc))))
      (f64.store offset=24 (local.get $out) (f64.add (f64.load offset=24 (local.get $out)) (call $sumF32 (local.get $sd))))
      (br_if $blocks (local.get $n))))

  ;; w += ka a + kb b + kc c + kd d, added up in pairs. Each element is read before it is written: w may be one of the four.
  (func (export "add4F32")
    (param $a i32) (param $b i32) (param $c i32) (param $d i32) (param $w i32) (param $n i32)
    (param $ka f32) (param $kb f32) (param $kc f32) (param $kd f32)
    (local $va v128) (local $vb v128) (local $vc v128) (local $vd v128)
    (local.set $va (f32x4.splat (local.get $ka)))
    (local.set $vb (f32x4.splat (local.get $kb)))
    (local.set $vc (f32x4.splat (local.get $kc)))
    (local.set $vd (f32x4.splat (local.get $kd)))
    (loop $turn
      (v128.store (local.get $w)
        (f32x4.add (v128.load (local.get $w))
          (f32x4.add
            (f32x4.add (f32x4.mul (local.get $va) (v128.load (local.get $a))) (f32x4.mul (local.get $vb) (v128.load (local.get $b))))
            (f32x4.add (f32x4.mul (local.get $vc) (v128.load (local.get $c))) (f32x4.mul (local.get $vd) (v128.load (local.get $d)))))))
      (v128.store offset=16 (local.get $w)
        (f32x4.add (v128.load offset=16 (local.get $w))
          (f32x4.add
            (f32x4.add (f32x4.mul (local.get $va) (v128.load offset=16 (local.get $a))) (f32x4.mul (local.get $vb) (v128.load offset=16 (local.get $b))))
            (f32x4.add (f32x4.mul (local.get $vc) (v128.load offset=16 (local.get $c))) (f32x4.mul (local.get $vd) (v128.load offset=16 (local.get $d)))))))
      (local.set $a (i32.add (local.get $a) (i32.const 32)))
      (local.set $b (i32.add (local.get $b) (i32.const 32)))
      (local.set $c (i32.add (local.get $c) (i32.const 32)))
      (local.set $d (i32.add (local.get $d) (i32.const 32)))
      (local.set $w (i32.add (local.get $w) (i32.const 32)))
      (br_if $turn (local.tee $n (i32.sub (local.get $n) (i32.const 8))))))

  ;; w *= k.
  (func (export "scaleF32") (param $w i32) (param $n i32) (param $k f32)
    (local $vk v128)
    (local.set $vk (f32x4.splat (local.get $k)))
    (loop $turn
      (v128.store (local.get $w) (f32x4.mul (local.get $vk) (v128.load (local.get $w))))
      (v128.store offset=16 (local.get $w) (f32x4.mul (local.get $vk) (v128.load offset=16 (local.get $w))))
      (local.set $w (i32.add (local.get $w) (i32.const 32)))
      (br_if $turn (local.tee $n (i32.sub (local.get $n) (i32.const 8))))))

  ;; out[k] += <basis_k, w> for the four basis vectors a, b, c, d: pairs of products, then two partial sums a basis vector.
  (func (export "dots4F64")
    (param $a i32) (param $b i32) (param $c i32) (param $d i32) (param $w i32) (param $n i32) (param $out i32)
    (local $x v128) (local $y v128)
    (local $sa v128) (local $sb v128) (local $sc v128) (local $sd v128)
    (loop $turn
      (local.set $x (v128.load (local.get $w)))
      (local.set $y (v128.load offset=16 (local.get $w)))
      (local.set $sa
        (f64x2.add (local.get $sa)
          (f64x2.add (f64x2.mul (local.get $x) (v128.load (local.get $a))) (f64x2.mul (local.get $y) (v128.load offset=16 (local.get $a))))))
      (local.set $sb
        (f64x2.add (local.get $sb)
          (f64x2.add (f64x2.mul (local.get $x) (v128.load (local.get $b))) (f64x2.mul (local.get $y) (v128.load offset=16 (local.get $b))))))
      (local.set $sc
        (f64x2.add (local.get $sc)
          (f64x2.add (f64x2.mul (local.get $x) (v128.load (local.get $c))) (f64x2.mul (local.get $y) (v128.load offset=16 (local.get $c))))))
      (local.set $sd
        (f64x2.add (local.get $sd)
          (f64x2.add (f64x2.mul (local.get $x) (v128.load (local.get $d))) (f64x2.mul (local.get $y) (v128.load offset=16 (local.get $d))))))
      (local.set $a (i32.add (local.get $a) (i32.const 32)))
      (local.set $b (i32.add (local.get $b) (i32.const 32)))
      (local.set $c (i32.add (local.get $c) (i32.const 32)))
      (local.set $d (i32.add (local.get $d) (i32.const 32)))
      (local.set $w (i32.add (local.get $w) (i32.const 32)))
      (br_if $turn (local.tee $n (i32.sub (local.get $n) (i32.const 4)))))
    (f64.store (local.get $out) (f64.add (f64.load (local.get $out)) (call $sumF64 (local.get $sa))))
    (f64.store offset=8 (local.get $out) (f64.add (f64.load offset=8 (local.get $out)) (call $sumF64 (local.get $sb))))
    (f64.store offset=16 (local.get $out) (f64.add (f64.load offset=16 (local.get $out)) (call $sumF64 (local.get $sc))))
    (f64.store offset=24 (local.get $out) (f64.add (f64.load offset=24 (local.get $out)) (call $sumF64 (local.get $sd)))))

  ;; w += ka a + kb b + kc c + kd d, added up in pairs. Each element is read before it is written: w may be one of the four.
  (func (export "add4F64")
    (param $a i32) (param $b i32) (param $c i32) (param $d i32) (param $w i32) (param $n i32)
    (param $ka f64) (param $kb f64) (param $kc f64) (param $kd f64)
    (local $va v128) (local $vb v128) (local $vc v128) (local $vd v128)
    (local.set $va (f64x2.splat (local.get $ka)))
    (local.set $vb (f64x2.splat (local.get $kb)))
    (local.set $vc (f64x2.splat (local.get $kc)))
    (local.set $vd (f64x2.splat (local.get $kd)))
    (loop $turn
      (v128.store (local.get $w)
        (f64x2.add (v128.load (local.get $w))
          (f64x2.add
            (f64x2.add (f64x2.mul (local.get $va) (v128.load (local.get $a))) (f64x2.mul (local.get $vb) (v128.load (local.get $b))))
            (f64x2.add (f64x2.mul (local.get $vc) (v128.load (local.get $c))) (f64x2.mul (local.get $vd) (v128.load (local.get $d)))))))
      (v128.store offset=16 (local.get $w)
        (f64x2.add (v128.load offset=16 (local.get $w))
          (f64x2.add
            (f64x2.add (f64x2.mul (local.get $va) (v128.load offset=16 (local.get $a))) (f64x2.mul (local.get $vb) (v128.load offset=16 (local.get $b))))
            (f64x2.add (f64x2.mul (local.get $vc) (v128.load offset=16 (local.get $c))) (f64x2.mul (local.get $vd) (v128.load offset=16 (local.get $d)))))))
      (local.set $a (i32.add (local.get $a) (i32.const 32)))
      (local.set $b (i32.add (local.get $b) (i32.const 32)))
      (local.set $c (i32.add (local.get $c) (i32.const 32)))
      (local.set $d (i32.add (local.get $d) (i32.const 32)))
      (local.set $w (i32.add (local.get $w) (i32.const 32)))
      (br_if $turn (local.tee $n (i32.sub (local.get $n) (i32.const 4))))))

  ;; w *= k.
  (func (export "scaleF64") (param $w i32) (param $n i32) (param $k f64)
    (local $vk v128)
    (local.set $vk (f64x2.splat (local.get $k)))
    (loop $turn
      (v128.store (local.get $w) (f64x2.mul (local.get $vk) (v128.load (local.get $w))))
      (v128.store offset=16 (local.get $w) (f64x2.mul (local.get $vk) (v128.load offset=16 (local.get $w))))
      (local.set $w (i32.add (local.get $w) (i32.const 32)))
      (br_if $turn (local.tee $n (i32.sub (local.get $n) (i32.const 4))))))

  (func (export "copy") (param $to i32) (param $from i32) (param $bytes i32)
    (memory.copy (local.get $to) (local.get $from) (local.get $bytes)))

  (func (export "zero") (param $at i32) (param $bytes i32)
    (memory.fill (local.get $at) (i32.const 0) (local.get $bytes))))
