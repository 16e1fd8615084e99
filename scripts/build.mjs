// `npm run build`: compiles, and notes what was compiled, so that `npm run nacre` runs it.
import { build } from './fresh-dist.mjs';

const { errors } = build();
process.stdout.write(errors);
process.exitCode = errors === '' ? 0 : 1;
