;; Single-precision kernels with 128-bit SIMD on the memory of the wasm backend, for shapes at which its own are slow.
;; Addresses and strides are in bytes, matrices row-major without gaps.
(module
  (memory (import "heap" "memory") 1)

  ;; Some columns of C = S B with a sparse S: its row i holds the pairs (column index times $width, value) from starts[i]
  ;; to starts[i + 1]. $width is the length of a row of B and C; $b and $c point at the first of the columns.
  ;; 32 columns, in eight registers; 4; and 1. No row is without pairs.
  (func (export "sparse32") (param $starts i32) (param $pairs i32) (param $b i32) (param $c i32)
                          (param $rows i32) (param $width i32)
    (local $at i32) (local $end i32) (local $from i32) (local $s v128)
    (local $c0 v128) (local $c1 v128) (local $c2 v128) (local $c3 v128)
    (local $c4 v128) (local $c5 v128) (local $c6 v128) (local $c7 v128)
    (loop $nextRow
      (local.set $at (i32.add (local.get $pairs) (i32.shl (i32.load (local.get $starts)) (i32.const 3))))
      (local.set $end (i32.add (local.get $pairs) (i32.shl (i32.load offset=4 (local.get $starts)) (i32.const 3))))
      (local.set $c0 (v128.const i32x4 0 0 0 0))
      (local.set $c1 (v128.const i32x4 0 0 0 0))
      (local.set $c2 (v128.const i32x4 0 0 0 0))
      (local.set $c3 (v128.const i32x4 0 0 0 0))
      (local.set $c4 (v128.const i32x4 0 0 0 0))
      (local.set $c5 (v128.const i32x4 0 0 0 0))
      (local.set $c6 (v128.const i32x4 0 0 0 0))
      (local.set $c7 (v128.const i32x4 0 0 0 0))
      (loop $entry
        (local.set $from (i32.add (local.get $b) (i32.load (local.get $at))))
        (local.set $s (v128.load32_splat offset=4 (local.get $at)))
        (local.set $c0 (f32x4.add (local.get $c0) (f32x4.mul (local.get $s) (v128.load (local.get $from)))))
        (local.set $c1 (f32x4.add (local.get $c1) (f32x4.mul (local.get $s) (v128.load offset=16 (local.get $from)))))
        (local.set $c2 (f32x4.add (local.get $c2) (f32x4.mul (local.get $s) (v128.load offset=32 (local.get $from)))))
        (local.set $c3 (f32x4.add (local.get $c3) (f32x4.mul (local.get $s) (v128.load offset=48 (local.get $from)))))
        (local.set $c4 (f32x4.add (local.get $c4) (f32x4.mul (local.get $s) (v128.load offset=64 (local.get $from)))))
        (local.set $c5 (f32x4.add (local.get $c5) (f32x4.mul (local.get $s) (v128.load offset=80 (local.get $from)))))
        (local.set $c6 (f32x4.add (local.get $c6) (f32x4.mul (local.get $s) (v128.load offset=96 (local.get $from)))))
        (local.set $c7 (f32x4.add (local.get $c7) (f32x4.mul (local.get $s) (v128.load offset=112 (local.get $from)))))
        (br_if $entry (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 8))) (local.get $end))))
      (v128.store (local.get $c) (local.get $c0))
      (v128.store offset=16 (local.get $c) (local.get $c1))
      (v128.store offset=32 (local.get $c) (local.get $c2))
      (v128.store offset=48 (local.get $c) (local.get $c3))
      (v128.store offset=64 (local.get $c) (local.get $c4))
      (v128.store offset=80 (local.get $c) (local.get $c5))
      (v128.store offset=96 (local.get $c) (local.get $c6))
      (v128.store offset=112 (local.get $c) (local.get $c7))
      (local.set $c (i32.add (local.get $c) (local.get $width)))
      (local.set $starts (i32.add (local.get $starts) (i32.const 4)))
      (br_if $nextRow (local.tee $rows (i32.sub (local.get $rows) (i32.const 1))))))

  (func (export "sparse4") (param $starts i32) (param $pairs i32) (param $b i32) (param $c i32)
                          (param $rows i32) (param $width i32)
    (local $at i32) (local $end i32) (local $from i32)
    (local $c0 v128)
    (loop $nextRow
      (local.set $at (i32.add (local.get $pairs) (i32.shl (i32.load (local.get $starts)) (i32.const 3))))
      (local.set $end (i32.add (local.get $pairs) (i32.shl (i32.load offset=4 (local.get $starts)) (i32.const 3))))
      (local.set $c0 (v128.const i32x4 0 0 0 0))
      (loop $entry
        (local.set $from (i32.add (local.get $b) (i32.load (local.get $at))))
        (local.set $c0
          (f32x4.add (local.get $c0)
            (f32x4.mul (v128.load32_splat offset=4 (local.get $at)) (v128.load (local.get $from)))))
        (br_if $entry (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 8))) (local.get $end))))
      (v128.store (local.get $c) (local.get $c0))
      (local.set $c (i32.add (local.get $c) (local.get $width)))
      (local.set $starts (i32.add (local.get $starts) (i32.const 4)))
      (br_if $nextRow (local.tee $rows (i32.sub (local.get $rows) (i32.const 1))))))

  (func (export "sparse1") (param $starts i32) (param $pairs i32) (param $b i32) (param $c i32)
                          (param $rows i32) (param $width i32)
    (local $at i32) (local $end i32) (local $from i32)
    (local $c0 f32)
    (loop $nextRow
      (local.set $at (i32.add (local.get $pairs) (i32.shl (i32.load (local.get $starts)) (i32.const 3))))
      (local.set $end (i32.add (local.get $pairs) (i32.shl (i32.load offset=4 (local.get $starts)) (i32.const 3))))
      (local.set $c0 (f32.const 0))
      (loop $entry
        (local.set $from (i32.add (local.get $b) (i32.load (local.get $at))))
        (local.set $c0
          (f32.add (local.get $c0) (f32.mul (f32.load offset=4 (local.get $at)) (f32.load (local.get $from)))))
        (br_if $entry (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 8))) (local.get $end))))
      (f32.store (local.get $c) (local.get $c0))
      (local.set $c (i32.add (local.get $c) (local.get $width)))
      (local.set $starts (i32.add (local.get $starts) (i32.const 4)))
      (br_if $nextRow (local.tee $rows (i32.sub (local.get $rows) (i32.const 1))))))

  ;; C (m x n) += sum over images, rows and columns of a^T b, where a (m numbers) and b (n numbers) lie at these strides:
  ;; the gradient of a convolution's filter without laid-out patches, and with one image and one row the product A^T B.
  ;; n must be at least 8. Tiles of 4 x 8 stay in registers; the last one of a row lies over the one before, and
  ;; what is there already is masked out. Rows beyond m repeat the last one and are not stored.
  (func (export "addTransposedProduct") (param $a i32) (param $b i32) (param $c i32) (param $m i32) (param $n i32)
      (param $images i32) (param $rows i32) (param $columns i32)
      (param $aImage i32) (param $aRow i32) (param $aColumn i32)
      (param $bImage i32) (param $bRow i32) (param $bColumn i32)
    (local $i i32) (local $j i32) (local $last i32)
    (local $o1 i32) (local $o2 i32) (local $o3 i32)
    (local $ai i32) (local $bi i32) (local $ar i32) (local $br i32) (local $ac i32) (local $bc i32)
    (local $image i32) (local $row i32) (local $column i32) (local $to i32) (local $stride i32)
    (local $low v128) (local $high v128) (local $b0 v128) (local $b1 v128) (local $s v128)
    (local $c00 v128) (local $c01 v128) (local $c10 v128) (local $c11 v128)
    (local $c20 v128) (local $c21 v128) (local $c30 v128) (local $c31 v128)
    (local.set $stride (i32.shl (local.get $n) (i32.const 2)))
    (loop $nextTileRow
      (local.set $last (i32.sub (i32.sub (local.get $m) (local.get $i)) (i32.const 1)))
      (local.set $o1 (i32.shl (select (i32.const 1) (local.get $last) (i32.ge_s (local.get $last) (i32.const 1))) (i32.const 2)))
      (local.set $o2 (i32.shl (select (i32.const 2) (local.get $last) (i32.ge_s (local.get $last) (i32.const 2))) (i32.const 2)))
      (local.set $o3 (i32.shl (select (i32.const 3) (local.get $last) (i32.ge_s (local.get $last) (i32.const 3))) (i32.const 2)))
      (local.set $j (i32.const 0))
      (loop $nextTile
        ;; Lanes that the tile before has written.
        (local.set $column
          (select (i32.sub (i32.add (local.get $j) (i32.const 8)) (local.get $n)) (i32.const 0)
            (i32.gt_s (i32.add (local.get $j) (i32.const 8)) (local.get $n))))
        (local.set $j (i32.sub (local.get $j) (local.get $column)))
        (local.set $low (i32x4.ge_s (v128.const i32x4 0 1 2 3) (i32x4.splat (local.get $column))))
        (local.set $high (i32x4.ge_s (v128.const i32x4 4 5 6 7) (i32x4.splat (local.get $column))))
        (local.set $c00 (v128.const i32x4 0 0 0 0))
        (local.set $c01 (v128.const i32x4 0 0 0 0))
        (local.set $c10 (v128.const i32x4 0 0 0 0))
        (local.set $c11 (v128.const i32x4 0 0 0 0))
        (local.set $c20 (v128.const i32x4 0 0 0 0))
        (local.set $c21 (v128.const i32x4 0 0 0 0))
        (local.set $c30 (v128.const i32x4 0 0 0 0))
        (local.set $c31 (v128.const i32x4 0 0 0 0))
        (local.set $ai (i32.add (local.get $a) (i32.shl (local.get $i) (i32.const 2))))
        (local.set $bi (i32.add (local.get $b) (i32.shl (local.get $j) (i32.const 2))))
        (local.set $image (local.get $images))
        (loop $nextImage
          (local.set $ar (local.get $ai))
          (local.set $br (local.get $bi))
          (local.set $row (local.get $rows))
          (loop $nextRow
            (local.set $ac (local.get $ar))
            (local.set $bc (local.get $br))
            (local.set $column (local.get $columns))
            (loop $nextColumn
              (local.set $b0 (v128.load (local.get $bc)))
              (local.set $b1 (v128.load offset=16 (local.get $bc)))
              (local.set $s (v128.load32_splat (local.get $ac)))
              (local.set $c00 (f32x4.add (local.get $c00) (f32x4.mul (local.get $s) (local.get $b0))))
              (local.set $c01 (f32x4.add (local.get $c01) (f32x4.mul (local.get $s) (local.get $b1))))
              (local.set $s (v128.load32_splat (i32.add (local.get $ac) (local.get $o1))))
              (local.set $c10 (f32x4.add (local.get $c10) (f32x4.mul (local.get $s) (local.get $b0))))
              (local.set $c11 (f32x4.add (local.get $c11) (f32x4.mul (local.get $s) (local.get $b1))))
              (local.set $s (v128.load32_splat (i32.add (local.get $ac) (local.get $o2))))
              (local.set $c20 (f32x4.add (local.get $c20) (f32x4.mul (local.get $s) (local.get $b0))))
              (local.set $c21 (f32x4.add (local.get $c21) (f32x4.mul (local.get $s) (local.get $b1))))
              (local.set $s (v128.load32_splat (i32.add (local.get $ac) (local.get $o3))))
              (local.set $c30 (f32x4.add (local.get $c30) (f32x4.mul (local.get $s) (local.get $b0))))
              (local.set $c31 (f32x4.add (local.get $c31) (f32x4.mul (local.get $s) (local.get $b1))))
              (local.set $ac (i32.add (local.get $ac) (local.get $aColumn)))
              (local.set $bc (i32.add (local.get $bc) (local.get $bColumn)))
              (br_if $nextColumn (local.tee $column (i32.sub (local.get $column) (i32.const 1)))))
            (local.set $ar (i32.add (local.get $ar) (local.get $aRow)))
            (local.set $br (i32.add (local.get $br) (local.get $bRow)))
            (br_if $nextRow (local.tee $row (i32.sub (local.get $row) (i32.const 1)))))
          (local.set $ai (i32.add (local.get $ai) (local.get $aImage)))
          (local.set $bi (i32.add (local.get $bi) (local.get $bImage)))
          (br_if $nextImage (local.tee $image (i32.sub (local.get $image) (i32.const 1)))))
        (local.set $to
          (i32.add (local.get $c)
            (i32.add (i32.mul (local.get $i) (local.get $stride)) (i32.shl (local.get $j) (i32.const 2)))))
        (block $stored
          (v128.store (local.get $to)
            (f32x4.add (v128.load (local.get $to)) (v128.and (local.get $c00) (local.get $low))))
          (v128.store offset=16 (local.get $to)
            (f32x4.add (v128.load offset=16 (local.get $to)) (v128.and (local.get $c01) (local.get $high))))
          (br_if $stored (i32.lt_s (local.get $last) (i32.const 1)))
          (local.set $to (i32.add (local.get $to) (local.get $stride)))
          (v128.store (local.get $to)
            (f32x4.add (v128.load (local.get $to)) (v128.and (local.get $c10) (local.get $low))))
          (v128.store offset=16 (local.get $to)
            (f32x4.add (v128.load offset=16 (local.get $to)) (v128.and (local.get $c11) (local.get $high))))
          (br_if $stored (i32.lt_s (local.get $last) (i32.const 2)))
          (local.set $to (i32.add (local.get $to) (local.get $stride)))
          (v128.store (local.get $to)
            (f32x4.add (v128.load (local.get $to)) (v128.and (local.get $c20) (local.get $low))))
          (v128.store offset=16 (local.get $to)
            (f32x4.add (v128.load offset=16 (local.get $to)) (v128.and (local.get $c21) (local.get $high))))
          (br_if $stored (i32.lt_s (local.get $last) (i32.const 3)))
          (local.set $to (i32.add (local.get $to) (local.get $stride)))
          (v128.store (local.get $to)
            (f32x4.add (v128.load (local.get $to)) (v128.and (local.get $c30) (local.get $low))))
          (v128.store offset=16 (local.get $to)
            (f32x4.add (v128.load offset=16 (local.get $to)) (v128.and (local.get $c31) (local.get $high))))
        )
        (local.set $j (i32.add (local.get $j) (i32.const 8)))
        (br_if $nextTile (i32.lt_s (local.get $j) (local.get $n))))
      (local.set $i (i32.add (local.get $i) (i32.const 4)))
      (br_if $nextTileRow (i32.lt_s (local.get $i) (local.get $m)))))

  ;; sums (float64) = the sum of all rows of x, $width bytes each; the width is a multiple of 16.
  (func (export "sumRows") (param $x i32) (param $rows i32) (param $width i32) (param $sums i32)
    (local $at i32) (local $row i32) (local $column i32)
    (local $v v128) (local $s0 v128) (local $s1 v128)
    (loop $nextColumns
      (local.set $at (i32.add (local.get $x) (local.get $column)))
      (local.set $row (local.get $rows))
      (local.set $s0 (v128.const i32x4 0 0 0 0))
      (local.set $s1 (v128.const i32x4 0 0 0 0))
      (loop $nextRow
        (local.set $v (v128.load (local.get $at)))
        (local.set $s0 (f64x2.add (local.get $s0) (f64x2.promote_low_f32x4 (local.get $v))))
        (local.set $s1
          (f64x2.add (local.get $s1)
            (f64x2.promote_low_f32x4 (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $v) (local.get $v)))))
        (local.set $at (i32.add (local.get $at) (local.get $width)))
        (br_if $nextRow (local.tee $row (i32.sub (local.get $row) (i32.const 1)))))
      (v128.store (local.get $sums) (local.get $s0))
      (v128.store offset=16 (local.get $sums) (local.get $s1))
      (local.set $sums (i32.add (local.get $sums) (i32.const 32)))
      (local.set $column (i32.add (local.get $column) (i32.const 16)))
      (br_if $nextColumns (i32.lt_s (local.get $column) (local.get $width)))))

  ;; y = x plus the same row to every row; the width of a row is a multiple of 16.
  (func (export "addRow") (param $x i32) (param $row i32) (param $rows i32) (param $width i32) (param $y i32)
    (local $column i32)
    (loop $nextRow
      (local.set $column (i32.const 0))
      (loop $nextColumn
        (v128.store (i32.add (local.get $y) (local.get $column))
          (f32x4.add
            (v128.load (i32.add (local.get $x) (local.get $column)))
            (v128.load (i32.add (local.get $row) (local.get $column)))))
        (local.set $column (i32.add (local.get $column) (i32.const 16)))
        (br_if $nextColumn (i32.lt_s (local.get $column) (local.get $width))))
      (local.set $x (i32.add (local.get $x) (local.get $width)))
      (local.set $y (i32.add (local.get $y) (local.get $width)))
      (br_if $nextRow (local.tee $rows (i32.sub (local.get $rows) (i32.const 1))))))

  ;; tanh of n numbers (a positive multiple of 4). With y = 2|x| = k ln 2 + r, |r| <= ln 2 / 2 (Cody and Waite's reduction in
  ;; two parts), e^r - 1 is its Taylor series to r^7, E = e^y - 1 = 2^k (e^r - 1) + (2^k - 1) and tanh |x| = E / (E + 2):
  ;; small arguments keep their digits. The relative error is below 2e-7; |x| above 10 gives 1, NaN gives NaN.
  (func (export "tanh") (param $x i32) (param $to i32) (param $n i32)
    (local $v v128) (local $y v128) (local $k v128) (local $r v128) (local $p v128) (local $s v128)
    (loop $next
      (local.set $v (v128.load (local.get $x)))
      (local.set $y (f32x4.min (f32x4.abs (local.get $v)) (v128.const f32x4 10 10 10 10)))
      (local.set $y (f32x4.add (local.get $y) (local.get $y)))
      (local.set $k (f32x4.nearest (f32x4.mul (local.get $y) (v128.const f32x4 1.4426950408889634 1.4426950408889634 1.4426950408889634 1.4426950408889634))))
      (local.set $r
        (f32x4.sub
          (f32x4.sub (local.get $y) (f32x4.mul (local.get $k) (v128.const f32x4 0.693359375 0.693359375 0.693359375 0.693359375)))
          (f32x4.mul (local.get $k) (v128.const f32x4 -0.00021219444 -0.00021219444 -0.00021219444 -0.00021219444))))
      (local.set $p (v128.const f32x4 0.0001984126984126984 0.0001984126984126984 0.0001984126984126984 0.0001984126984126984))
      (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $r)) (v128.const f32x4 0.001388888888888889 0.001388888888888889 0.001388888888888889 0.001388888888888889)))
      (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $r)) (v128.const f32x4 0.008333333333333333 0.008333333333333333 0.008333333333333333 0.008333333333333333)))
      (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $r)) (v128.const f32x4 0.041666666666666664 0.041666666666666664 0.041666666666666664 0.041666666666666664)))
      (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $r)) (v128.const f32x4 0.16666666666666666 0.16666666666666666 0.16666666666666666 0.16666666666666666)))
      (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $r)) (v128.const f32x4 0.5 0.5 0.5 0.5)))
      (local.set $p
        (f32x4.add (local.get $r) (f32x4.mul (f32x4.mul (local.get $r) (local.get $r)) (local.get $p))))
      (local.set $s
        (i32x4.shl (i32x4.add (i32x4.trunc_sat_f32x4_s (local.get $k)) (v128.const i32x4 127 127 127 127)) (i32.const 23)))
      (local.set $p
        (f32x4.add
          (f32x4.mul (local.get $s) (local.get $p))
          (f32x4.sub (local.get $s) (v128.const f32x4 1 1 1 1))))
      (v128.store (local.get $to)
        (v128.or
          (f32x4.div (local.get $p) (f32x4.add (local.get $p) (v128.const f32x4 2 2 2 2)))
          (v128.and (local.get $v) (v128.const i32x4 0x80000000 0x80000000 0x80000000 0x80000000))))
      (local.set $x (i32.add (local.get $x) (i32.const 16)))
      (local.set $to (i32.add (local.get $to) (i32.const 16)))
      (br_if $next (i32.gt_s (local.tee $n (i32.sub (local.get $n) (i32.const 4))) (i32.const 0)))))
)
