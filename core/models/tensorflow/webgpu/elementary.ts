import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { installKernel } from '../second-order/kernels/kernel.ts';
import { runShader } from './shader.ts';

/**
 * Elementary functions in single precision, after Moshier's Cephes library (1989). Those of WGSL may err by thousands of
 * units in the last place (sine and cosine by 2⁻¹¹), and the library's own forms cancel near zero (tanh, expm1, log1p,
 * sinh). Ranges are reduced with `fma`, which no compiler may reassociate. Names end in an underscore, because WGSL has
 * the plain ones.
 */
/** Exponential and logarithm, for other programs too. */
export const exponentials = `
  // (eʳ − 1 − r) / r² for |r| ≤ ½ ln 2.
  fn expTail(r : f32) -> f32 {
    var p = 1.9875691500e-4;
    p = fma(p, r, 1.3981999507e-3);
    p = fma(p, r, 8.3334519073e-3);
    p = fma(p, r, 4.1665795894e-2);
    p = fma(p, r, 1.6666665459e-1);
    return fma(p, r, 5.0000001201e-1);
  }
  fn exp_(x : f32) -> f32 {
    if (isnan(x)) { return x; }
    if (x > 88.7228) { return uniforms.INFINITY; }
    if (x < -87.336) { return 0.0; }
    let n = round(x * 1.44269504088896341);
    let r = fma(n, 2.12194440e-4, fma(-n, 0.693359375, x));
    // In two steps: the power of two alone may be beyond the largest number.
    let half = i32(n) / 2;
    return ldexp(ldexp(fma(expTail(r) * r, r, r) + 1.0, half), i32(n) - half);
  }
  fn expm1_(x : f32) -> f32 {
    if (abs(x) < 0.34) { return fma(expTail(x) * x, x, x); }
    return exp_(x) - 1.0;
  }
  // ln(1 + m) for √½ ≤ 1 + m ≤ √2, with e ln 2 added.
  fn logNearOne(m : f32, e : f32) -> f32 {
    let z = m * m;
    var p = 7.0376836292e-2;
    p = fma(p, m, -1.1514610310e-1);
    p = fma(p, m, 1.1676998740e-1);
    p = fma(p, m, -1.2420140846e-1);
    p = fma(p, m, 1.4249322787e-1);
    p = fma(p, m, -1.6668057665e-1);
    p = fma(p, m, 2.0000714765e-1);
    p = fma(p, m, -2.4999993993e-1);
    p = fma(p, m, 3.3333331174e-1);
    var y = p * m * z;
    y = fma(e, -2.12194440e-4, y);
    y = fma(-0.5, z, y);
    return fma(e, 0.693359375, m + y);
  }
  fn log_(x : f32) -> f32 {
    if (isnan(x) || x == uniforms.INFINITY) { return x; }
    if (x < 0.0) { return uniforms.NAN; }
    if (x < 1.17549435e-38) { return -uniforms.INFINITY; }
    let bits = bitcast<u32>(x);
    let e = f32(i32(bits >> 23u) - 126);
    let m = bitcast<f32>((bits & 0x007fffffu) | 0x3f000000u);
    if (m < 0.707106781186547524) { return logNearOne(m + m - 1.0, e - 1.0); }
    return logNearOne(m - 1.0, e);
  }
`;

/** All of them. */
export const elementaryFunctions = `${exponentials}
  fn log1p_(x : f32) -> f32 {
    if (x > -0.29 && x < 0.41) { return logNearOne(x, 0.0); }
    return log_(1.0 + x);
  }
  // Sine of x and, for turns = 1, cosine; exact reduction up to |x| of some thousands.
  fn sinTurned(x : f32, turns : i32) -> f32 {
    let n = round(x * 0.636619772367581343);
    let r = fma(-n, 7.54978995489188216e-8, fma(-n, 4.837512969970703125e-4, fma(-n, 1.5703125, x)));
    let z = r * r;
    let quadrant = (i32(n) + turns) & 3;
    var y = fma(fma(fma(-1.9515295891e-4, z, 8.3321608736e-3), z, -1.6666654611e-1) * z, r, r);
    if ((quadrant & 1) == 1) {
      y = fma(fma(fma(2.443315711809948e-5, z, -1.388731625493765e-3), z, 4.166664568298827e-2) * z, z, fma(-0.5, z, 1.0));
    }
    return select(y, -y, quadrant > 1);
  }
  fn sin_(x : f32) -> f32 { return sinTurned(x, 0); }
  fn cos_(x : f32) -> f32 { return sinTurned(x, 1); }
  fn tan_(x : f32) -> f32 { return sin_(x) / cos_(x); }
  fn sinh_(x : f32) -> f32 {
    let z = x * x;
    if (z < 1.0) { return fma(fma(fma(2.03721912945e-4, z, 8.33028376239e-3), z, 1.66667160211e-1) * z, x, x); }
    let e = exp_(abs(x));
    return sign(x) * 0.5 * (e - 1.0 / e);
  }
  fn cosh_(x : f32) -> f32 {
    let e = exp_(abs(x));
    return 0.5 * (e + 1.0 / e);
  }
  fn tanh_(x : f32) -> f32 {
    let a = abs(x);
    if (a < 0.625) {
      let z = x * x;
      var p = -5.70498872745e-3;
      p = fma(p, z, 2.06390887954e-2);
      p = fma(p, z, -5.37397155531e-2);
      p = fma(p, z, 1.33314422036e-1);
      p = fma(p, z, -3.33332819422e-1);
      return fma(p * z, x, x);
    }
    if (a > 9.1) { return sign(x); }
    return sign(x) * (1.0 - 2.0 / (exp_(2.0 * a) + 1.0));
  }
  fn sigmoid_(x : f32) -> f32 {
    let e = exp_(-abs(x));
    return select(e, 1.0, x >= 0.0) / (1.0 + e);
  }
  fn softplus_(x : f32) -> f32 { return max(x, 0.0) + log1p_(exp_(-abs(x))); }
  // Of 0 ≤ a ≤ ½, with z = a².
  fn asinSmall(a : f32, z : f32) -> f32 {
    var p = 4.2163199048e-2;
    p = fma(p, z, 2.4181311049e-2);
    p = fma(p, z, 4.5470025998e-2);
    p = fma(p, z, 7.4953002686e-2);
    p = fma(p, z, 1.6666752422e-1);
    return fma(p * z, a, a);
  }
  fn asin_(x : f32) -> f32 {
    let a = abs(x);
    if (a > 1.0) { return uniforms.NAN; }
    if (a <= 0.5) { return sign(x) * asinSmall(a, a * a); }
    let z = 0.5 * (1.0 - a);
    return sign(x) * (1.57079632679489662 - 2.0 * asinSmall(sqrt_(z), z));
  }
  fn acos_(x : f32) -> f32 {
    if (abs(x) > 1.0) { return uniforms.NAN; }
    if (abs(x) <= 0.5) { return 1.57079632679489662 - asin_(x); }
    let z = 0.5 * (1.0 - abs(x));
    let y = 2.0 * asinSmall(sqrt_(z), z);
    return select(3.14159265358979324 - y, y, x > 0.0);
  }
  fn atan_(x : f32) -> f32 {
    let a = abs(x);
    var start = 0.0;
    var t = a;
    if (a > 2.41421356237309505) { start = 1.57079632679489662; t = -1.0 / a; }
    else if (a > 0.414213562373095049) { start = 0.785398163397448310; t = (a - 1.0) / (a + 1.0); }
    let z = t * t;
    var p = 8.05374449538e-2;
    p = fma(p, z, -1.38776856032e-1);
    p = fma(p, z, 1.99777106478e-1);
    p = fma(p, z, -3.33329491539e-1);
    return sign(x) * (start + fma(p * z, t, t));
  }
  fn asinh_(x : f32) -> f32 {
    let a = abs(x);
    // From here on a² overflows, and 1 does not count.
    if (a > 1e9) { return sign(x) * (log_(a) + 0.693147180559945309); }
    return sign(x) * log1p_(a + a * a / (1.0 + sqrt_(fma(a, a, 1.0))));
  }
  fn acosh_(x : f32) -> f32 {
    if (x < 1.0) { return uniforms.NAN; }
    if (x > 1e9) { return log_(x) + 0.693147180559945309; }
    let t = x - 1.0;
    return log1p_(t + sqrt_(t * (t + 2.0)));
  }
  fn atanh_(x : f32) -> f32 {
    let a = abs(x);
    if (a > 1.0) { return uniforms.NAN; }
    if (a == 1.0) { return sign(x) * uniforms.INFINITY; }
    return sign(x) * 0.5 * log1p_(2.0 * a / (1.0 - a));
  }
  // One step of Newton's after the device's approximation.
  fn sqrt_(x : f32) -> f32 {
    let y = sqrt(x);
    if (!(y > 0.0) || y == uniforms.INFINITY) { return y; }
    return fma(fma(-y, y, x), 0.5 / y, y);
  }
  fn rsqrt_(x : f32) -> f32 {
    let y = inverseSqrt(x);
    if (!(x > 0.0) || x == uniforms.INFINITY || y == uniforms.INFINITY) { return y; }
    return fma(y * 0.5, fma(-x * y, y, 1.0), y);
  }
`;

const seluScale = 1.0507009873554805;
const seluAlphaScale = 1.7580993408473768;

/** Kernel of the library → the value at a number a. */
const values: Readonly<Record<string, string>> = {
  Exp: 'exp_(a)',
  Expm1: 'expm1_(a)',
  Log: 'log_(a)',
  Log1p: 'log1p_(a)',
  Sin: 'sin_(a)',
  Cos: 'cos_(a)',
  Tan: 'tan_(a)',
  Sinh: 'sinh_(a)',
  Cosh: 'cosh_(a)',
  Tanh: 'tanh_(a)',
  Sigmoid: 'sigmoid_(a)',
  Softplus: 'softplus_(a)',
  Asin: 'asin_(a)',
  Acos: 'acos_(a)',
  Atan: 'atan_(a)',
  Asinh: 'asinh_(a)',
  Acosh: 'acosh_(a)',
  Atanh: 'atanh_(a)',
  Sqrt: 'sqrt_(a)',
  Rsqrt: 'rsqrt_(a)',
  Elu: 'select(expm1_(min(a, 0.0)), a, a >= 0.0)',
  Selu: `select(${seluAlphaScale} * expm1_(min(a, 0.0)), ${seluScale} * a, a >= 0.0)`,
};

export function installElementaryFunctions(): void {
  for (const [kernelName, value] of Object.entries(values)) {
    const shader = {
      name: `elementary_${kernelName}`,
      inputs: ['x'],
      functions: elementaryFunctions,
      body: `let a = f32(x[index]); result[index] = ${value};`,
    };
    installKernel({
      kernelName,
      backendName: 'webgpu',
      kernelFunc: ({ inputs, backend }) =>
        runShader(shader, backend as WebGPUBackend, [inputs.x!], { shape: inputs.x!.shape }),
    });
  }
}
