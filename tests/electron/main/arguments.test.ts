import { describe, expect, test } from 'vitest';
import { readArguments } from '../../../electron/main/arguments.ts';

const home = '/people/ada';
const fromCheckout = (...words: string[]) => readArguments(['/opt/electron', ...words], home, true);
const fromPackage = (...words: string[]) => readArguments(['/opt/saddlescope', ...words], home, false);

describe('words behind the program', () => {
  test.each([
    { title: 'nothing', words: [], files: [] },
    { title: 'a relative file', words: ['a.yaml'], files: ['/people/ada/a.yaml'] },
    { title: 'an absolute folder', words: ['/data/run'], files: ['/data/run'] },
    { title: 'several files', words: ['a.yaml', '../b'], files: ['/people/ada/a.yaml', '/people/b'] },
    { title: 'a name with blanks and dashes', words: ['my run - 2.yaml'], files: ['/people/ada/my run - 2.yaml'] },
    { title: 'an address of a file', words: ['file:///data/a%20b.yaml'], files: ['/data/a b.yaml'] },
    { title: 'a broken address of a file', words: ['file:///%zz'], files: ['/people/ada/file:/%zz'] },
    { title: 'an empty word', words: ['', 'a.yaml'], files: ['/people/ada/a.yaml'] },
    { title: 'a file behind --', words: ['--', '-a.yaml'], files: ['/people/ada/-a.yaml'] },
    {
      title: 'switches of Chromium',
      words: ['--no-sandbox', '--remote-debugging-port=0', 'a.yaml', '--allow-file-access-from-files'],
      files: ['/people/ada/a.yaml'],
    },
    { title: 'a switch of one dash', words: ['-psn_0_12345', 'a.yaml'], files: ['/people/ada/a.yaml'] },
    {
      title: 'a module that Electron loads first',
      words: ['-r', '/x/loader.js', 'a.yaml'],
      files: ['/people/ada/a.yaml'],
    },
    { title: 'the folder for runs', words: ['--runs', 'r', 'a.yaml'], files: ['/people/ada/a.yaml'] },
  ])('$title: the files are found', ({ words, files }) => {
    expect(fromPackage(...words).files).toEqual(files);
    expect(fromCheckout('/checkout/app', ...words).files).toEqual(files);
  });

  test('the folder of the app itself is no file, also behind switches', () => {
    expect(fromCheckout('--no-sandbox', '/checkout/app', 'a.yaml').files).toEqual(['/people/ada/a.yaml']);
    expect(fromCheckout('--inspect=0', '-r', 'loader.js', '/checkout/app').files).toEqual([]);
  });

  test('folders may follow their switch or stand in it', () => {
    for (const words of [
      ['--runs', 'r', '--user-data-dir', '/u'],
      ['--runs=r', '--user-data-dir=/u'],
    ])
      expect(fromPackage(...words)).toMatchObject({ runs: '/people/ada/r', userData: '/u', files: [] });
    expect(fromPackage()).toMatchObject({ runs: null, userData: null });
    expect(fromPackage('--runs')).toMatchObject({ runs: null });
    expect(fromPackage('--runs=')).toMatchObject({ runs: null });
  });

  test('wishes are off unless they are written exactly', () => {
    expect(fromPackage()).toMatchObject({ firstLight: true, newInstance: false, developerTools: false });
    expect(fromPackage('--no-first-light', '--new-instance', '--devtools')).toMatchObject({
      firstLight: false,
      newInstance: true,
      developerTools: true,
    });
    expect(fromPackage('--', '--devtools')).toMatchObject({ developerTools: false });
  });
});
