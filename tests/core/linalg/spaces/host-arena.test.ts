import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../../../core/bad-input.ts';
import { createHostArena } from '../../../../core/linalg/spaces/host-arena.ts';

const mebibyte = 1048576;

describe('host arena', () => {
  it('never gives two living blocks the same bytes, whatever the order of allocations', () => {
    const plan = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 200_000 }), fc.nat()), { maxLength: 60 });
    fc.assert(
      fc.property(plan, (steps) => {
        const arena = createHostArena(2 * mebibyte);
        const living: { address: number; size: number }[] = [];
        for (const [release, size, pick] of steps) {
          if (release && living.length > 0) {
            const [block] = living.splice(pick % living.length, 1);
            arena.free(block!.address);
            continue;
          }
          try {
            const address = arena.allocate(size);
            expect(address % 64).toBe(0);
            expect(address).toBeGreaterThan(0);
            expect(address + size).toBeLessThanOrEqual(arena.memory.buffer.byteLength);
            for (const other of living) {
              expect(address + size <= other.address || other.address + other.size <= address).toBe(true);
            }
            living.push({ address, size });
          } catch (error) {
            if (!(error instanceof BadInput)) throw error;
          }
        }
        for (const block of living) arena.free(block.address);
        expect(arena.bytesInUse).toBe(0);
      }),
    );
  });

  it('reuses a released block of the same size', () => {
    const arena = createHostArena(mebibyte);
    const first = arena.allocate(1000);
    arena.allocate(1000);
    arena.free(first);
    expect(arena.allocate(1000)).toBe(first);
  });

  it('joins free neighbours when the top is reached: many small blocks make room for a large one', () => {
    const arena = createHostArena(mebibyte);
    const small = Array.from({ length: 15 }, () => arena.allocate(65536));
    for (const address of small) arena.free(address);
    const large = arena.allocate(900_000);
    arena.free(large);
    const again = Array.from({ length: 15 }, () => arena.allocate(65536));
    expect(new Set(again).size).toBe(15);
  });

  it('says in numbers what does not fit', () => {
    const arena = createHostArena(8 * mebibyte);
    arena.allocate(3 * mebibyte);
    expect(() => arena.allocate(6 * mebibyte)).toThrow(BadInput);
    expect(() => arena.allocate(6 * mebibyte)).toThrow(
      'A vector of 6.00 MiB does not fit: of the 8.00 MiB for host vectors 3.00 MiB are in use.',
    );
    expect(arena.bytesInUse).toBe(3 * mebibyte);
    arena.allocate(4 * mebibyte);
  });

  it('keeps old views valid and known when the memory grows', () => {
    const arena = createHostArena(64 * mebibyte);
    const address = arena.allocate(80);
    const view = new Float64Array(arena.memory.buffer, address, 10).fill(3);
    const before = arena.memory.buffer.byteLength;
    const far = arena.allocate(40 * mebibyte);
    expect(arena.memory.buffer.byteLength).toBeGreaterThan(before);
    new Float64Array(arena.memory.buffer, address, 10)[4] = 5;
    expect([...view]).toEqual([3, 3, 3, 3, 5, 3, 3, 3, 3, 3]);
    expect(arena.addressOf(view)).toBe(address);
    expect(arena.addressOf(new Float64Array(arena.memory.buffer, far, 1))).toBe(far);
    expect(arena.addressOf(new Float64Array(3))).toBe(-1);
    expect(arena.addressOf(new Float64Array(createHostArena(mebibyte).memory.buffer, 64, 1))).toBe(-1);
  });

  it('refuses to end a block twice, or a part of one', () => {
    const arena = createHostArena(mebibyte);
    const address = arena.allocate(128);
    expect(() => arena.free(address + 64)).toThrow(/part of one/);
    arena.free(address);
    expect(() => arena.free(address)).toThrow(/twice/);
  });
});
