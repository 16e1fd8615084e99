/** Number that PyRadiomics adds to probabilities before a logarithm: numpy.spacing(1). */
export const epsilon = 2 ** -52;
