/** Compiles the addon. */
export async function compileAddon({ out }: { readonly out: string }): Promise<void> {
  throw Object.assign(new Error(`no compiler for ${out}`), { kind: 'noCompiler' });
}
