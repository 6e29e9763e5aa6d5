import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../../core/formats/format-error.ts';
import { landscaperArrays } from '../../../core/formats/landscaper-npz.ts';
import { modeConnectivityArrays } from '../../../core/formats/mode-connectivity-npz.ts';
import { writeNpz } from '../../../core/formats/npz.ts';
import { arraysOfLandscape } from '../../../core/formats/slice-npz.ts';
import { sniffLandscape } from '../../../core/formats/sniff-landscape.ts';
import { landscapeOf } from '../../support/landscapes.ts';
import { ascii, joined } from './malformed-arrays.ts';

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const [line, square] = [landscapeOf(3), landscapeOf(3, 3)];
const one = { shape: [1], dtype: 'float64' as const, data: Float64Array.of(1) };

describe('what a file is, is told by its bytes', () => {
  it.each([
    ['HDF5', joined(signature, [0, 0]), 'hdf5'],
    ['HDF5 behind a user block of 1,024 bytes', joined(new Uint8Array(1024), signature), 'hdf5'],
    ['ours', writeNpz(arraysOfLandscape(square)), 'saddlescope npz'],
    ['Landscaper’s', writeNpz(landscaperArrays(square, square.fields[0]!).arrays), 'landscaper npz'],
    ['a curve', writeNpz(modeConnectivityArrays(line).arrays), 'mode-connectivity curve'],
    ['a plane', writeNpz(modeConnectivityArrays(square).arrays), 'mode-connectivity plane'],
  ])('%s', (_, bytes, kind) => {
    expect(sniffLandscape(bytes)).toBe(kind);
  });

  it.each([
    ['a pickle', Uint8Array.of(0x80, 4, 0x95), /pickle.*never read/],
    ['a checkpoint of PyTorch', zipSync({ 'archive/data.pkl': Uint8Array.of(0x80, 2) }), /checkpoint of PyTorch/],
    ['one array', Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0), /one \.npy array/],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8), /gzip/],
    ['a .vtp', ascii('<VTKFile type="PolyData">'), /XML/],
    ['JSON', ascii(' {"alpha": [1]}'), /JSON/],
    ['another .npz', writeNpz(new Map([['eigenvalues', one]])), /"eigenvalues\.npy", which is no landscape/],
    ['anything', ascii('Hello\u0007\n world'), /begins with "Hello\\u\{7\}/],
    ['nothing', new Uint8Array(0), /empty/],
    ['HDF5 at a byte where none may begin', joined(new Uint8Array(700), signature), /no landscape/],
  ])('%s is refused, and named', (_, bytes, found) => {
    expect(() => sniffLandscape(bytes)).toThrow(FormatError);
    expect(() => sniffLandscape(bytes)).toThrow(found);
  });
});
