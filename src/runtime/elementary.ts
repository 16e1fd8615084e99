/**
 * Elementary functions to the same last bit on every engine. `Math.exp`, `Math.log` and their kin are as exact as an engine likes: V8
 * took fdlibm for them up to Node 26 and LLVM's library after it, which differ in the last bit of one number in twenty, and other browsers
 * have theirs. These are fdlibm's algorithms (Sun Microsystems 1993, netlib.org/fdlibm; log2 and cbrt as in FreeBSD's copy of it), from
 * operations that IEEE 754 fixes: the bits that Node 20 to 26 gave. `test/runtime/portable-arithmetic.test.ts` keeps `src` from `Math`'s.
 */
export { acos, asin, atan2, cos, sin } from './elementary/angles.ts';
export { exp, log, log1p, log2, log10 } from './elementary/exponentials.ts';
export { cbrt, hypot } from './elementary/roots.ts';
