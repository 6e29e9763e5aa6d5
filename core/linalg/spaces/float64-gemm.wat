;; Float64 matrix product with 128-bit SIMD (Goto and van de Geijn, "Anatomy of high-performance matrix
;; multiplication", 2008): operands are packed into panels of four rows, and a 4x4 tile of C stays in eight registers
;; while a panel of A and a panel of B stream past. Strides are in bytes; the depth of a panel is rounded up to even
;; with zeros, so that the tile's loop takes two steps at a time.
(module
  (memory (import "arena" "memory") 1 65536 shared)

  ;; Packs rows x depth entries at $source into panels of four rows: panel[k][0..3], rows beyond the last are zero.
  ;; A transposed operand is only another pair of strides.
  (func (export "pack") (param $source i32) (param $rowStride i32) (param $depthStride i32)
                        (param $rows i32) (param $depth i32) (param $panel i32)
    (local $bytes i32) (local $end i32) (local $row i32)
    (local $p0 i32) (local $p1 i32) (local $p2 i32) (local $p3 i32)
    (local $v0 v128) (local $v1 v128) (local $v2 v128) (local $v3 v128)
    (local.set $bytes (i32.shl (i32.and (i32.add (local.get $depth) (i32.const 1)) (i32.const -2)) (i32.const 5)))
    (block $done
      (loop $panels
        (br_if $done (i32.le_s (local.get $rows) (i32.const 0)))
        (local.set $end (i32.add (local.get $panel) (i32.shl (local.get $depth) (i32.const 5))))
        (local.set $p0 (local.get $source))
        (if (i32.lt_s (local.get $rows) (i32.const 4))
          (then
            (memory.fill (local.get $panel) (i32.const 0) (local.get $bytes))
            (local.set $row (i32.const 0))
            (loop $partialRows
              (local.set $p1 (local.get $p0))
              (local.set $p2 (i32.add (local.get $panel) (i32.shl (local.get $row) (i32.const 3))))
              (loop $entries
                (f64.store (local.get $p2) (f64.load (local.get $p1)))
                (local.set $p1 (i32.add (local.get $p1) (local.get $depthStride)))
                (local.set $p2 (i32.add (local.get $p2) (i32.const 32)))
                (br_if $entries (i32.lt_u (local.get $p2) (local.get $end))))
              (local.set $p0 (i32.add (local.get $p0) (local.get $rowStride)))
              (local.set $row (i32.add (local.get $row) (i32.const 1)))
              (br_if $partialRows (i32.lt_s (local.get $row) (local.get $rows)))))
          (else
            (local.set $p1 (i32.add (local.get $p0) (local.get $rowStride)))
            (local.set $p2 (i32.add (local.get $p1) (local.get $rowStride)))
            (local.set $p3 (i32.add (local.get $p2) (local.get $rowStride)))
            (local.set $row (local.get $panel))
            (if (i32.eq (local.get $rowStride) (i32.const 8))
              (then
                (loop $contiguous
                  (v128.store (local.get $row) (v128.load (local.get $p0)))
                  (v128.store offset=16 (local.get $row) (v128.load offset=16 (local.get $p0)))
                  (local.set $p0 (i32.add (local.get $p0) (local.get $depthStride)))
                  (local.set $row (i32.add (local.get $row) (i32.const 32)))
                  (br_if $contiguous (i32.lt_u (local.get $row) (local.get $end)))))
              (else
                ;; Two depths at once through 2x2 transpositions where the depth runs along memory.
                (if (i32.eq (local.get $depthStride) (i32.const 8))
                  (then
                    (block $single
                      (loop $pairs
                        (br_if $single (i32.gt_u (i32.add (local.get $row) (i32.const 64)) (local.get $end)))
                        (local.set $v0 (v128.load (local.get $p0)))
                        (local.set $v1 (v128.load (local.get $p1)))
                        (local.set $v2 (v128.load (local.get $p2)))
                        (local.set $v3 (v128.load (local.get $p3)))
                        (v128.store (local.get $row)
                          (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $v0) (local.get $v1)))
                        (v128.store offset=16 (local.get $row)
                          (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $v2) (local.get $v3)))
                        (v128.store offset=32 (local.get $row)
                          (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $v0) (local.get $v1)))
                        (v128.store offset=48 (local.get $row)
                          (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $v2) (local.get $v3)))
                        (local.set $p0 (i32.add (local.get $p0) (i32.const 16)))
                        (local.set $p1 (i32.add (local.get $p1) (i32.const 16)))
                        (local.set $p2 (i32.add (local.get $p2) (i32.const 16)))
                        (local.set $p3 (i32.add (local.get $p3) (i32.const 16)))
                        (local.set $row (i32.add (local.get $row) (i32.const 64)))
                        (br $pairs)))))
                (block $strided
                  (loop $columns
                    (br_if $strided (i32.ge_u (local.get $row) (local.get $end)))
                    (f64.store (local.get $row) (f64.load (local.get $p0)))
                    (f64.store offset=8 (local.get $row) (f64.load (local.get $p1)))
                    (f64.store offset=16 (local.get $row) (f64.load (local.get $p2)))
                    (f64.store offset=24 (local.get $row) (f64.load (local.get $p3)))
                    (local.set $p0 (i32.add (local.get $p0) (local.get $depthStride)))
                    (local.set $p1 (i32.add (local.get $p1) (local.get $depthStride)))
                    (local.set $p2 (i32.add (local.get $p2) (local.get $depthStride)))
                    (local.set $p3 (i32.add (local.get $p3) (local.get $depthStride)))
                    (local.set $row (i32.add (local.get $row) (i32.const 32)))
                    (br $columns)))))
            (if (i32.and (local.get $depth) (i32.const 1))
              (then
                (v128.store (local.get $end) (v128.const i64x2 0 0))
                (v128.store offset=16 (local.get $end) (v128.const i64x2 0 0))))))
        (local.set $panel (i32.add (local.get $panel) (local.get $bytes)))
        (local.set $source (i32.add (local.get $source) (i32.shl (local.get $rowStride) (i32.const 2))))
        (local.set $rows (i32.sub (local.get $rows) (i32.const 4)))
        (br $panels))))

  ;; C[0..3][0..3] += sum over depth of a[k][0..3]^T b[k][0..3]; $end is where the panel of A ends.
  (func $tile (param $a i32) (param $end i32) (param $b i32) (param $c i32) (param $stride i32)
    (local $c00 v128) (local $c01 v128) (local $c10 v128) (local $c11 v128)
    (local $c20 v128) (local $c21 v128) (local $c30 v128) (local $c31 v128)
    (local $b0 v128) (local $b1 v128) (local $s v128)
    (loop $next
      (local.set $b0 (v128.load (local.get $b)))
      (local.set $b1 (v128.load offset=16 (local.get $b)))
      (local.set $s (v128.load64_splat (local.get $a)))
      (local.set $c00 (f64x2.add (local.get $c00) (f64x2.mul (local.get $s) (local.get $b0))))
      (local.set $c01 (f64x2.add (local.get $c01) (f64x2.mul (local.get $s) (local.get $b1))))
      (local.set $s (v128.load64_splat offset=8 (local.get $a)))
      (local.set $c10 (f64x2.add (local.get $c10) (f64x2.mul (local.get $s) (local.get $b0))))
      (local.set $c11 (f64x2.add (local.get $c11) (f64x2.mul (local.get $s) (local.get $b1))))
      (local.set $s (v128.load64_splat offset=16 (local.get $a)))
      (local.set $c20 (f64x2.add (local.get $c20) (f64x2.mul (local.get $s) (local.get $b0))))
      (local.set $c21 (f64x2.add (local.get $c21) (f64x2.mul (local.get $s) (local.get $b1))))
      (local.set $s (v128.load64_splat offset=24 (local.get $a)))
      (local.set $c30 (f64x2.add (local.get $c30) (f64x2.mul (local.get $s) (local.get $b0))))
      (local.set $c31 (f64x2.add (local.get $c31) (f64x2.mul (local.get $s) (local.get $b1))))
      (local.set $b0 (v128.load offset=32 (local.get $b)))
      (local.set $b1 (v128.load offset=48 (local.get $b)))
      (local.set $s (v128.load64_splat offset=32 (local.get $a)))
      (local.set $c00 (f64x2.add (local.get $c00) (f64x2.mul (local.get $s) (local.get $b0))))
      (local.set $c01 (f64x2.add (local.get $c01) (f64x2.mul (local.get $s) (local.get $b1))))
      (local.set $s (v128.load64_splat offset=40 (local.get $a)))
      (local.set $c10 (f64x2.add (local.get $c10) (f64x2.mul (local.get $s) (local.get $b0))))
      (local.set $c11 (f64x2.add (local.get $c11) (f64x2.mul (local.get $s) (local.get $b1))))
      (local.set $s (v128.load64_splat offset=48 (local.get $a)))
      (local.set $c20 (f64x2.add (local.get $c20) (f64x2.mul (local.get $s) (local.get $b0))))
      (local.set $c21 (f64x2.add (local.get $c21) (f64x2.mul (local.get $s) (local.get $b1))))
      (local.set $s (v128.load64_splat offset=56 (local.get $a)))
      (local.set $c30 (f64x2.add (local.get $c30) (f64x2.mul (local.get $s) (local.get $b0))))
      (local.set $c31 (f64x2.add (local.get $c31) (f64x2.mul (local.get $s) (local.get $b1))))
      (local.set $b (i32.add (local.get $b) (i32.const 64)))
      (br_if $next (i32.lt_u (local.tee $a (i32.add (local.get $a) (i32.const 64))) (local.get $end))))
    (v128.store (local.get $c) (f64x2.add (v128.load (local.get $c)) (local.get $c00)))
    (v128.store offset=16 (local.get $c) (f64x2.add (v128.load offset=16 (local.get $c)) (local.get $c01)))
    (local.set $c (i32.add (local.get $c) (local.get $stride)))
    (v128.store (local.get $c) (f64x2.add (v128.load (local.get $c)) (local.get $c10)))
    (v128.store offset=16 (local.get $c) (f64x2.add (v128.load offset=16 (local.get $c)) (local.get $c11)))
    (local.set $c (i32.add (local.get $c) (local.get $stride)))
    (v128.store (local.get $c) (f64x2.add (v128.load (local.get $c)) (local.get $c20)))
    (v128.store offset=16 (local.get $c) (f64x2.add (v128.load offset=16 (local.get $c)) (local.get $c21)))
    (local.set $c (i32.add (local.get $c) (local.get $stride)))
    (v128.store (local.get $c) (f64x2.add (v128.load (local.get $c)) (local.get $c30)))
    (v128.store offset=16 (local.get $c) (f64x2.add (v128.load offset=16 (local.get $c)) (local.get $c31))))

  ;; C (rows x columns) += packed A times packed B. Tiles that overhang go through the 4x4 scratch tile.
  (func (export "block") (param $a i32) (param $b i32) (param $c i32) (param $stride i32)
                         (param $rows i32) (param $columns i32) (param $depth i32) (param $scratch i32)
    (local $bytes i32) (local $i i32) (local $j i32) (local $panel i32) (local $target i32)
    (local $ti i32) (local $tj i32) (local $from i32) (local $to i32)
    (local.set $bytes (i32.shl (i32.and (i32.add (local.get $depth) (i32.const 1)) (i32.const -2)) (i32.const 5)))
    (loop $nextColumns
      (local.set $panel (local.get $a))
      (local.set $i (i32.const 0))
      (loop $nextRows
        (local.set $target
          (i32.add (local.get $c)
            (i32.add (i32.mul (local.get $i) (local.get $stride)) (i32.shl (local.get $j) (i32.const 3)))))
        (if (i32.and
              (i32.le_s (i32.add (local.get $i) (i32.const 4)) (local.get $rows))
              (i32.le_s (i32.add (local.get $j) (i32.const 4)) (local.get $columns)))
          (then
            (call $tile (local.get $panel) (i32.add (local.get $panel) (local.get $bytes)) (local.get $b)
              (local.get $target) (local.get $stride)))
          (else
            (memory.fill (local.get $scratch) (i32.const 0) (i32.const 128))
            (call $tile (local.get $panel) (i32.add (local.get $panel) (local.get $bytes)) (local.get $b)
              (local.get $scratch) (i32.const 32))
            (local.set $ti (i32.const 0))
            (loop $tileRows
              (local.set $tj (i32.const 0))
              (loop $tileColumns
                (local.set $from
                  (i32.add (local.get $scratch)
                    (i32.add (i32.shl (local.get $ti) (i32.const 5)) (i32.shl (local.get $tj) (i32.const 3)))))
                (local.set $to
                  (i32.add (local.get $target)
                    (i32.add (i32.mul (local.get $ti) (local.get $stride)) (i32.shl (local.get $tj) (i32.const 3)))))
                (f64.store (local.get $to) (f64.add (f64.load (local.get $to)) (f64.load (local.get $from))))
                (local.set $tj (i32.add (local.get $tj) (i32.const 1)))
                (br_if $tileColumns
                  (i32.and
                    (i32.lt_s (local.get $tj) (i32.const 4))
                    (i32.lt_s (i32.add (local.get $j) (local.get $tj)) (local.get $columns)))))
              (local.set $ti (i32.add (local.get $ti) (i32.const 1)))
              (br_if $tileRows
                (i32.and
                  (i32.lt_s (local.get $ti) (i32.const 4))
                  (i32.lt_s (i32.add (local.get $i) (local.get $ti)) (local.get $rows)))))))
        (local.set $panel (i32.add (local.get $panel) (local.get $bytes)))
        (local.set $i (i32.add (local.get $i) (i32.const 4)))
        (br_if $nextRows (i32.lt_s (local.get $i) (local.get $rows))))
      (local.set $b (i32.add (local.get $b) (local.get $bytes)))
      (local.set $j (i32.add (local.get $j) (i32.const 4)))
      (br_if $nextColumns (i32.lt_s (local.get $j) (local.get $columns)))))
)
