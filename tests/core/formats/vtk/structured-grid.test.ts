import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64 } from '../../../../core/formats/base64.ts';
import { type StructuredSurface, structuredGridXml } from '../../../../core/formats/vtk/structured-grid.ts';

const [columns, rows] = [3, 2];
const surface: StructuredSurface = {
  columns,
  rows,
  points: Float64Array.from({ length: 18 }, (_, i) => i / 7 - 1),
  pointData: [
    { name: 'loss', values: new Float64Array([0.1, Number.NaN, -0, Number.POSITIVE_INFINITY, 1e-308, Math.PI]) },
    { name: 'a < b & "c"', values: new Float64Array([1, 2, 3, 4, 5, 6]) },
  ],
  hidden: new Uint8Array([0, 1, 0, 1, 0, 0]),
  texts: { title: 'α along v₁ & β <b>' },
};

interface XmlElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"' };
const plain = (text: string): string => {
  expect(text.replace(/&(amp|lt|gt|quot);/g, '')).not.toMatch(/[&<]/);
  return text.replace(/&\w+;/g, (entity) => entities[entity]!);
};

/** Elements, attributes and texts of XML 1.0, enough for what is written here; fails where anything else is found. */
function parsed(xml: string): XmlElement {
  const root: XmlElement = { tag: '', attributes: {}, children: [], text: '' };
  const open = [root];
  const rest = xml.replace(/^<\?xml version="1.0" encoding="UTF-8"\?>\n/, '');
  expect(rest.length).toBeLessThan(xml.length);
  for (const [token, closing, opening, attributes] of rest.matchAll(/<\/(\w+)>|<(\w+)((?: \w+="[^"<]*")*)>|[^<]+|</g)) {
    const top = open[open.length - 1]!;
    if (closing !== undefined) {
      expect(closing).toBe(top.tag);
      open.pop();
    } else if (opening !== undefined) {
      const pairs = [...(attributes ?? '').matchAll(/ (\w+)="([^"]*)"/g)].map(([, name, value]) => [
        name!,
        plain(value!),
      ]);
      const element: XmlElement = { tag: opening, attributes: Object.fromEntries(pairs), children: [], text: '' };
      top.children.push(element);
      open.push(element);
    } else {
      expect(token).not.toBe('<');
      top.text += plain(token);
    }
  }
  expect(open).toEqual([root]);
  expect(root.children).toHaveLength(1);
  return root.children[0]!;
}

const child = ({ children }: XmlElement, tag: string): XmlElement => children.find((one) => one.tag === tag)!;

const blockOf = (element: XmlElement): Buffer => {
  const bytes = Buffer.from(element.text, 'base64');
  expect(bytes.readUInt32LE(0)).toBe(bytes.length - 4);
  return bytes.subarray(4);
};
const doublesOf = (block: Buffer): number[] =>
  Array.from({ length: block.length / 8 }, (_, i) => block.readDoubleLE(8 * i));

describe('a structured grid of VTK', () => {
  it('is well formed, with the parts that the format wants in their order', () => {
    const file = parsed(structuredGridXml(surface));
    expect(file.tag).toBe('VTKFile');
    expect(file.attributes).toEqual({
      type: 'StructuredGrid',
      version: '1.0',
      byte_order: 'LittleEndian',
      header_type: 'UInt32',
    });
    const grid = child(file, 'StructuredGrid');
    expect(grid.children.map(({ tag }) => tag)).toEqual(['FieldData', 'Piece']);
    const piece = child(grid, 'Piece');
    expect(piece.children.map(({ tag }) => tag)).toEqual(['PointData', 'Points']);
    expect(piece.attributes).toEqual({ Extent: '0 2 0 1 0 0' });
    expect(grid.attributes).toEqual({ WholeExtent: '0 2 0 1 0 0' });
    const types = piece.children.flatMap(({ children }) => children).map(({ attributes }) => attributes);
    expect(types.map(({ type, NumberOfComponents, format }) => [type, NumberOfComponents, format])).toEqual([
      ['Float64', '1', 'binary'],
      ['Float64', '1', 'binary'],
      ['UInt8', '1', 'binary'],
      ['Float64', '3', 'binary'],
    ]);
  });

  it('keeps every number bit for bit, names and texts as they are', () => {
    const grid = child(parsed(structuredGridXml(surface)), 'StructuredGrid');
    const arrays = child(grid, 'Piece').children.flatMap(({ children }) => children);
    expect(arrays.map(({ attributes }) => attributes.Name)).toEqual(['loss', 'a < b & "c"', 'vtkGhostType', 'Points']);
    expect(doublesOf(blockOf(arrays[0]!))).toEqual([...surface.pointData[0]!.values]);
    expect(doublesOf(blockOf(arrays[3]!))).toEqual([...surface.points]);
    expect([...blockOf(arrays[2]!)]).toEqual([0, 2, 0, 2, 0, 0]);
    const bytes = child(child(grid, 'FieldData'), 'Array').text.split(' ').map(Number);
    expect(bytes.pop()).toBe(0);
    expect(Buffer.from(bytes).toString('utf8')).toBe(surface.texts.title);
  });

  it('refuses arrays of another length', () => {
    expect(() => structuredGridXml({ ...surface, rows: 3 })).toThrow(RangeError);
    expect(() => structuredGridXml({ ...surface, hidden: new Uint8Array(5) })).toThrow(RangeError);
  });

  it('writes base64 as Node does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(base64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      }),
    );
  });
});

/** A Python that has VTK. */
function pythonWithVtk(): string | null {
  for (const python of [process.env.SADDLESCOPE_VTK_PYTHON, 'python3', '/usr/bin/python3']) {
    if (!python) continue;
    try {
      execFileSync(python, ['-c', 'import vtkmodules.vtkIOXML'], { stdio: 'ignore' });
      return python;
    } catch {
      // Not this one; the skipped title says so when none is left.
    }
  }
  return null;
}

const python = pythonWithVtk();
const why = python === null ? ' (skipped: python3 has no vtk here; pip install vtk)' : '';

const program = `
import json, struct, sys
from vtkmodules.vtkIOXML import vtkXMLStructuredGridReader
reader = vtkXMLStructuredGridReader()
reader.SetFileName(sys.argv[1])
reader.Update()
grid = reader.GetOutput()
data = grid.GetPointData()
bits = lambda x: struct.pack("<d", x).hex()
points = range(grid.GetNumberOfPoints())
print(json.dumps({
  "error": reader.GetErrorCode(),
  "extent": grid.GetExtent(),
  "points": [bits(x) for i in points for x in grid.GetPoint(i)],
  "loss": [bits(data.GetArray("loss").GetValue(i)) for i in points],
  "scalars": data.GetScalars().GetName(),
  "visible": [bool(grid.IsPointVisible(i)) for i in points],
  "cells": [bool(grid.IsCellVisible(i)) for i in range(grid.GetNumberOfCells())],
  "title": grid.GetFieldData().GetAbstractArray("title").GetValue(0),
}))
`;

describe(`VTK itself${why}`, () => {
  it.skipIf(python === null)('reads the grid that was written', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'saddlescope-vtk-'));
    try {
      const file = path.join(folder, 'surface.vts');
      writeFileSync(file, structuredGridXml({ ...surface, hidden: new Uint8Array([0, 0, 1, 0, 0, 0]) }));
      const read = JSON.parse(execFileSync(python!, ['-c', program, file], { encoding: 'utf8' }));
      const bits = (values: Float64Array) =>
        [...values].map((value) => Buffer.from(new Float64Array([value]).buffer).toString('hex'));
      expect(read).toEqual({
        error: 0,
        extent: [0, 2, 0, 1, 0, 0],
        points: bits(surface.points),
        loss: bits(surface.pointData[0]!.values),
        scalars: 'loss',
        visible: [1, 1, 0, 1, 1, 1].map(Boolean),
        cells: [true, false],
        title: surface.texts.title,
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
