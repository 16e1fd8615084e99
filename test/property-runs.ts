import fc from 'fast-check';

/**
 * fast-check with one seed for every run, so that a green run here is a green run in CI. `NACRE_PROPERTY_SEED=random`
 * (or a number) looks further; what it finds is mended and kept as an example of its own.
 */
const asked = process.env.NACRE_PROPERTY_SEED;
if (asked !== 'random') fc.configureGlobal({ seed: Number(asked ?? 20_253_394) });

export default fc;
