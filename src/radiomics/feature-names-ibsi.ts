import { definitions } from './feature-names.ts';

/** n(i, d) zones of level i at distance d from the region's border, N_z zones, N_v voxels. */
export const gldzmFeatures = definitions(String.raw`
SmallDistanceEmphasis|0GBI|Small distance emphasis|\tfrac{1}{N_z} \sum_{i,d} n(i,d) / d^2
LargeDistanceEmphasis|MB4I|Large distance emphasis|\tfrac{1}{N_z} \sum_{i,d} n(i,d) d^2
LowGrayLevelZoneEmphasis|S1RA|Low grey level zone emphasis|\tfrac{1}{N_z} \sum_{i,d} n(i,d) / i^2
HighGrayLevelZoneEmphasis|K26C|High grey level zone emphasis|\tfrac{1}{N_z} \sum_{i,d} n(i,d) i^2
SmallDistanceLowGrayLevelEmphasis|RUVG|Small distance low grey level emphasis|\tfrac{1}{N_z} \sum_{i,d} n(i,d) / (i^2 d^2)
SmallDistanceHighGrayLevelEmphasis|DKNJ|Small distance high grey level emphasis|\tfrac{1}{N_z} \sum_{i,d} n(i,d) i^2 / d^2
LargeDistanceLowGrayLevelEmphasis|A7WM|Large distance low grey level emphasis|\tfrac{1}{N_z} \sum_{i,d} n(i,d) d^2 / i^2
LargeDistanceHighGrayLevelEmphasis|KLTH|Large distance high grey level emphasis|\tfrac{1}{N_z} \sum_{i,d} n(i,d) i^2 d^2
GrayLevelNonUniformity|VFT7|Grey level non-uniformity|\tfrac{1}{N_z} \sum_i (\sum_d n(i,d))^2
GrayLevelNonUniformityNormalized|7HP3|Normalised grey level non-uniformity|\tfrac{1}{N_z^2} \sum_i (\sum_d n(i,d))^2
ZoneDistanceNonUniformity|V294|Zone distance non-uniformity|\tfrac{1}{N_z} \sum_d (\sum_i n(i,d))^2
ZoneDistanceNonUniformityNormalized|IATH|Normalised zone distance non-uniformity|\tfrac{1}{N_z^2} \sum_d (\sum_i n(i,d))^2
ZonePercentage|VIWW|Zone percentage|N_z / N_v
GrayLevelVariance|QK93|Grey level variance|\sum_{i,d} (i - \mu_i)^2 p(i,d)
ZoneDistanceVariance|7WT1|Zone distance variance|\sum_{i,d} (d - \mu_d)^2 p(i,d)
ZoneDistanceEntropy|GBDU|Zone distance entropy|-\sum_{i,d} p(i,d) \log_2 p(i,d)
`);

/** Features of IBSI's NGLDM that PyRadiomics' GLDM lacks, in the same notation. */
export const ngldmFeatures = definitions(String.raw`
GrayLevelNonUniformityNormalized|5SPA|Normalised grey level non-uniformity|\tfrac{1}{N_z^2} \sum_i (\sum_j n(i,j))^2
DependencePercentage|6XV8|Dependence count percentage|N_z / N_v
DependenceEnergy|CAS9|Dependence count energy|\sum_{i,j} p(i,j)^2
`);

/** L the grey levels of N voxels, n_i voxels of level i. */
export const intensityHistogramFeatures = definitions(String.raw`
Mean|X6K6|Mean discretised intensity|\mu = \tfrac{1}{N} \sum_k L_k
Variance|CH89|Discretised intensity variance|\sigma^2 = \tfrac{1}{N} \sum_k (L_k - \mu)^2
Skewness|88K1|Discretised intensity skewness|\mu_3 / \sigma^3
Kurtosis|C3I7|(Excess) discretised intensity kurtosis|\mu_4 / \sigma^4 - 3
Median|WIFQ|Median discretised intensity|P_{50}
Minimum|1PR8|Minimum discretised intensity|\min L
10Percentile|GPMT|10th discretised intensity percentile|P_{10}
90Percentile|OZ0C|90th discretised intensity percentile|P_{90}
Maximum|3NCY|Maximum discretised intensity|\max L
Mode|AMMC|Intensity histogram mode|\arg\max_i n_i
InterquartileRange|WR0O|Discretised intensity interquartile range|P_{75} - P_{25}
Range|5Z3W|Discretised intensity range|\max L - \min L
MeanAbsoluteDeviation|D2ZX|Intensity histogram mean absolute deviation|\tfrac{1}{N} \sum_k \lvert L_k - \mu \rvert
RobustMeanAbsoluteDeviation|WRZB|Intensity histogram robust mean absolute deviation|\tfrac{1}{N_{10-90}} \sum_{P_{10} \le L_k \le P_{90}} \lvert L_k - \mu_{10-90} \rvert
MedianAbsoluteDeviation|4RNL|Intensity histogram median absolute deviation|\tfrac{1}{N} \sum_k \lvert L_k - P_{50} \rvert
CoefficientOfVariation|CWYJ|Intensity histogram coefficient of variation|\sigma / \mu
QuartileCoefficientOfDispersion|SLWD|Intensity histogram quartile coefficient of dispersion|(P_{75} - P_{25}) / (P_{75} + P_{25})
MaximumGradient|12CE|Maximum histogram gradient|\max_i n'_i
MaximumGradientLevel|8E6O|Maximum histogram gradient intensity|\arg\max_i n'_i
MinimumGradient|VQB3|Minimum histogram gradient|\min_i n'_i
MinimumGradientLevel|RHQZ|Minimum histogram gradient intensity|\arg\min_i n'_i
`);

/** V, A volume and area of the surface mesh, λ variances along the principal axes, X intensities of N voxels at r, d their distances. */
export const morphologyFeatures = definitions(String.raw`
Asphericity|25C7|Asphericity|(A^3 / (36 \pi V^2))^{1/3} - 1
CenterOfMassShift|KLMA|Centre of mass shift|\lvert \bar{r} - \sum_k X_k r_k / \sum_k X_k \rvert
VolumeDensityAABB|PBX1|Volume density (axis-aligned bounding box)|V / V_{aabb}
AreaDensityAABB|R59B|Area density (axis-aligned bounding box)|A / A_{aabb}
VolumeDensityAEE|6BDE|Volume density (approximate enclosing ellipsoid)|3 V / (4 \pi a b c), \; (a, b, c) = 2 \sqrt{\lambda}
AreaDensityAEE|RDD2|Area density (approximate enclosing ellipsoid)|A / \Bigl(4 \pi a b \sum_{\nu=0}^{20} \tfrac{(\alpha \beta)^\nu}{1 - 4 \nu^2} P_\nu \bigl(\tfrac{\alpha^2 + \beta^2}{2 \alpha \beta}\bigr)\Bigr)
VolumeDensityConvexHull|R3ER|Volume density (convex hull)|V / V_{hull}
AreaDensityConvexHull|7T7F|Area density (convex hull)|A / A_{hull}
IntegratedIntensity|99N0|Integrated intensity|V \tfrac{1}{N} \sum_k X_k
MoranI|N365|Moran's I index|\frac{N}{\sum_{k \ne l} d_{kl}^{-1}} \frac{\sum_{k \ne l} d_{kl}^{-1} (X_k - \mu)(X_l - \mu)}{\sum_k (X_k - \mu)^2}
GearyC|NPT7|Geary's C measure|\frac{N - 1}{2 \sum_{k \ne l} d_{kl}^{-1}} \frac{\sum_{k \ne l} d_{kl}^{-1} (X_k - X_l)^2}{\sum_k (X_k - \mu)^2}
`);

/** S(k) the sphere of 1 cm³ around voxel k, inside the region and out. */
export const localIntensityFeatures = definitions(String.raw`
LocalPeak|VJGA|Local intensity peak|\max_{k: X_k = \max X} \overline{X}_{S(k)}
GlobalPeak|0F91|Global intensity peak|\max_k \overline{X}_{S(k)}
`);

/** IBSI's intensity-based statistics that PyRadiomics' first order features lack, in the same notation. */
export const intensityStatisticsFeatures = definitions(String.raw`
MedianAbsoluteDeviation|N72L|Intensity-based median absolute deviation|\tfrac{1}{N} \sum_i \lvert X_i - P_{50} \rvert
CoefficientOfVariation|7TET|Intensity-based coefficient of variation|\sigma / \mu
QuartileCoefficientOfDispersion|9S40|Intensity-based quartile coefficient of dispersion|(P_{75} - P_{25}) / (P_{75} + P_{25})
`);

/** ν(i) the share of voxels with intensity i or more, γ(i) = (i - min) / (max - min). */
export const intensityVolumeHistogramFeatures = definitions(String.raw`
VolumeAtIntensityFraction10|BC2M|Volume at intensity fraction 10%|V_{10} = \max \{\nu(i) : \gamma(i) \ge 0.1\}
VolumeAtIntensityFraction90|BC2M|Volume at intensity fraction 90%|V_{90} = \max \{\nu(i) : \gamma(i) \ge 0.9\}
IntensityAtVolumeFraction10|GBPN|Intensity at volume fraction 10%|I_{10} = \min \{i : \nu(i) \le 0.1\}
IntensityAtVolumeFraction90|GBPN|Intensity at volume fraction 90%|I_{90} = \min \{i : \nu(i) \le 0.9\}
VolumeFractionDifference|DDTU|Volume fraction difference 10-90%|V_{10} - V_{90}
IntensityFractionDifference|CNV2|Intensity fraction difference 10-90%|I_{10} - I_{90}
`);
