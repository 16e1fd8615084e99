import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { log } from './elementary.ts';
import { sha256Bytes } from './hash.ts';
import { fillNormalPairs } from './random-stream/normal-pairs.ts';

/**
 * A reproducible stream of random numbers, named by a seed and a path of labels:
 * `RandomStream.of(42, 'partition', 3, 'rfe')`. Streams of different names are independent, whatever
 * the order or the worker in which they are drawn; that is why nothing in nacre shares one global generator.
 *
 * The state of xoroshiro128+ (Blackman and Vigna 2018) is the first 16 bytes of SHA-256 over the name.
 */
export class RandomStream {
  private readonly name: string;
  private generator: ReturnType<typeof xoroshiro128plusFromState>;
  private spareNormal: number | undefined;

  private constructor(name: string) {
    this.name = name;
    const { buffer, byteOffset } = sha256Bytes(name);
    const digest = new DataView(buffer, byteOffset);
    this.generator = xoroshiro128plusFromState(
      [0, 4, 8, 12].map((at) => digest.getInt32(at, true)),
    );
  }

  static of(seed: number, ...labels: (string | number)[]): RandomStream {
    return new RandomStream(JSON.stringify([seed, ...labels]));
  }

  /** A further stream below this one; drawing from either leaves the other as it was. */
  derive(...labels: (string | number)[]): RandomStream {
    return new RandomStream(JSON.stringify([this.name, ...labels]));
  }

  /** Uniform in [0, 1), 53 bits. */
  next(): number {
    return uniformFloat64(this.generator);
  }

  /** Uniform integer in [low, high], both ends included. */
  integer(low: number, high: number): number {
    return uniformInt(this.generator, low, high);
  }

  /** Standard normal (polar method of Marsaglia). */
  normal(): number {
    if (this.spareNormal !== undefined) {
      const spare = this.spareNormal;
      this.spareNormal = undefined;
      return spare;
    }
    let x: number;
    let y: number;
    let r: number;
    do {
      x = 2 * this.next() - 1;
      y = 2 * this.next() - 1;
      r = x * x + y * y;
    } while (r >= 1 || r === 0);
    const scale = Math.sqrt((-2 * log(r)) / r);
    this.spareNormal = y * scale;
    return x * scale;
  }

  /**
   * Fills with standard normals times `scale`: what as many calls of `normal` give, in half the time. The weights of a network
   * are 10⁷ to 10⁸ of them.
   */
  fillNormal(values: Float32Array, scale: number): void {
    let at = 0;
    if (this.spareNormal !== undefined && values.length > 0) values[at++] = scale * this.normal();
    const end = values.length - ((values.length - at) % 2);
    const state = this.generator.getState();
    this.generator = xoroshiro128plusFromState(
      fillNormalPairs(state, values.subarray(at, end), scale),
    );
    if (end < values.length) values[end] = scale * this.normal();
  }

  /** A shuffled copy (Fisher and Yates). */
  shuffled<T>(items: Iterable<T>): T[] {
    const out = [...items];
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.integer(0, i);
      const held = out[i];
      out[i] = out[j];
      out[j] = held;
    }
    return out;
  }
}
