// `npm run build`: compiles, and notes what was compiled, so that `npm run nacre` runs it.
// `--unchecked` leaves the types unchecked, which takes half the time: `npm test` has checked them a moment before.
import { build } from './fresh-dist.mjs';

const { errors } = build(undefined, { checked: !process.argv.includes('--unchecked') });
process.stdout.write(errors);
process.exitCode = errors === '' ? 0 : 1;
