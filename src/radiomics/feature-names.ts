import type { FeatureDefinition } from './feature-class.ts';

/** PyRadiomics' name | IBSI code (- where IBSI has none) | IBSI's name | formula. A name after `~` is deprecated. */
export function definitions(table: string): readonly FeatureDefinition[] {
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [first, ibsi, ibsiName, ...formula] = line.split('|').map((cell) => cell.trim());
      return {
        name: first.replace('~', ''),
        ...(ibsi === '-' ? {} : { ibsi, ibsiName }),
        formula: formula.join('|'),
        ...(first.startsWith('~') ? { deprecated: true } : {}),
      };
    });
}

/** X the intensities, N voxels, p(l) the share of voxels of level l, c `voxelArrayShift`. */
export const firstOrderFeatures = definitions(String.raw`
Energy|N8CA|Intensity-based energy|\sum_i (X_i + c)^2
TotalEnergy|-||V_{voxel} \sum_i (X_i + c)^2
Entropy|TLU2|Discretised intensity entropy|-\sum_l p(l) \log_2 p(l)
Minimum|1GSF|Minimum intensity|\min X
10Percentile|QG58|10th intensity percentile|P_{10}
90Percentile|8DWT|90th intensity percentile|P_{90}
Maximum|84IY|Maximum intensity|\max X
Mean|Q4LE|Mean intensity|\mu = \tfrac{1}{N} \sum_i X_i
Median|Y12H|Median intensity|P_{50}
InterquartileRange|SALO|Intensity interquartile range|P_{75} - P_{25}
Range|2OJQ|Intensity range|\max X - \min X
MeanAbsoluteDeviation|4FUA|Intensity-based mean absolute deviation|\tfrac{1}{N} \sum_i \lvert X_i - \mu \rvert
RobustMeanAbsoluteDeviation|1128|Intensity-based robust mean absolute deviation|\tfrac{1}{N_{10-90}} \sum_{P_{10} \le X_i \le P_{90}} \lvert X_i - \mu_{10-90} \rvert
RootMeanSquared|5ZWQ|Root mean square intensity|\sqrt{\tfrac{1}{N} \sum_i (X_i + c)^2}
~StandardDeviation|-||\sigma = \sqrt{\tfrac{1}{N} \sum_i (X_i - \mu)^2}
Skewness|KE2A|Intensity skewness|\mu_3 / \sigma^3
Kurtosis|IPH6|(Excess) intensity kurtosis|\mu_4 / \sigma^4 \; (-3 \text{ in IBSI})
Variance|ECT3|Intensity variance|\sigma^2
Uniformity|BJ5W|Discretised intensity uniformity|\sum_l p(l)^2
`);

/** V mesh volume, A mesh area, λ variances along the principal axes. */
export const shapeFeatures = definitions(String.raw`
MeshVolume|RNU0|Volume (mesh)|V = \sum_t \tfrac{1}{6} a_t \cdot (b_t \times c_t)
VoxelVolume|YEKZ|Volume (voxel counting)|N V_{voxel}
SurfaceArea|C0JK|Surface area (mesh)|A = \sum_t \tfrac{1}{2} \lvert (b_t - a_t) \times (c_t - a_t) \rvert
SurfaceVolumeRatio|2PR5|Surface to volume ratio|A / V
Sphericity|QCFX|Sphericity|(36 \pi V^2)^{1/3} / A
~Compactness1|SKGS|Compactness 1|V / (\sqrt{\pi} A^{3/2})
~Compactness2|BQWJ|Compactness 2|36 \pi V^2 / A^3
~SphericalDisproportion|KRCK|Spherical disproportion|A / (36 \pi V^2)^{1/3}
Maximum3DDiameter|L0JK|Maximum 3D diameter|\max_{u, v} \lvert u - v \rvert
Maximum2DDiameterSlice|-||\max_{u_z = v_z} \lvert u - v \rvert
Maximum2DDiameterColumn|-||\max_{u_y = v_y} \lvert u - v \rvert
Maximum2DDiameterRow|-||\max_{u_x = v_x} \lvert u - v \rvert
MajorAxisLength|TDIC|Major axis length|4 \sqrt{\lambda_{major}}
MinorAxisLength|P9VJ|Minor axis length|4 \sqrt{\lambda_{minor}}
LeastAxisLength|7J51|Least axis length|4 \sqrt{\lambda_{least}}
Elongation|Q3CK|Elongation|\sqrt{\lambda_{minor} / \lambda_{major}}
Flatness|N17B|Flatness|\sqrt{\lambda_{least} / \lambda_{major}}
`);

/** A area, P perimeter of the region's outline in its one slice. */
export const shape2DFeatures = definitions(String.raw`
MeshSurface|-||A = \sum_l \tfrac{1}{2} a_l \times b_l
PixelSurface|-||N A_{pixel}
Perimeter|-||P = \sum_l \lvert a_l - b_l \rvert
PerimeterSurfaceRatio|-||P / A
Sphericity|-||2 \sqrt{\pi A} / P
~SphericalDisproportion|-||P / (2 \sqrt{\pi A})
MaximumDiameter|-||\max_{u, v} \lvert u - v \rvert
MajorAxisLength|-||4 \sqrt{\lambda_{major}}
MinorAxisLength|-||4 \sqrt{\lambda_{minor}}
Elongation|-||\sqrt{\lambda_{minor} / \lambda_{major}}
`);

/** p(i, j) the normalised matrix, p_x its rows' sums, p_{x+y} and p_{x-y} by i + j and |i - j|, H entropies. */
export const glcmFeatures = definitions(String.raw`
Autocorrelation|QWB0|Autocorrelation|\sum_{i,j} i j \, p(i,j)
JointAverage|60VM|Joint average|\mu_x = \sum_{i,j} i \, p(i,j)
ClusterProminence|AE86|Cluster prominence|\sum_{i,j} (i + j - \mu_x - \mu_y)^4 p(i,j)
ClusterShade|7NFM|Cluster shade|\sum_{i,j} (i + j - \mu_x - \mu_y)^3 p(i,j)
ClusterTendency|DG8W|Cluster tendency|\sum_{i,j} (i + j - \mu_x - \mu_y)^2 p(i,j)
Contrast|ACUI|Contrast|\sum_{i,j} (i - j)^2 p(i,j)
Correlation|NI2N|Correlation|\sum_{i,j} (i - \mu_x)(j - \mu_y) p(i,j) / (\sigma_x \sigma_y)
DifferenceAverage|TF7R|Difference average|\sum_k k \, p_{x-y}(k)
DifferenceEntropy|NTRS|Difference entropy|-\sum_k p_{x-y}(k) \log_2 p_{x-y}(k)
DifferenceVariance|D3YU|Difference variance|\sum_k (k - DA)^2 p_{x-y}(k)
~Dissimilarity|8S9J|Dissimilarity|\sum_{i,j} \lvert i - j \rvert p(i,j)
JointEnergy|8ZQL|Angular second moment|\sum_{i,j} p(i,j)^2
JointEntropy|TU9B|Joint entropy|H_{xy} = -\sum_{i,j} p(i,j) \log_2 p(i,j)
~Homogeneity1|IB1Z|Inverse difference|\sum_{i,j} p(i,j) / (1 + \lvert i - j \rvert)
~Homogeneity2|WF0Z|Inverse difference moment|\sum_{i,j} p(i,j) / (1 + (i - j)^2)
Imc1|R8DG|Information correlation 1|(H_{xy} - H_{xy1}) / \max(H_x, H_y)
Imc2|JN9H|Information correlation 2|\sqrt{1 - e^{-2 (H_{xy2} - H_{xy})}}
Idm|WF0Z|Inverse difference moment|\sum_k p_{x-y}(k) / (1 + k^2)
MCC|-||\sqrt{\lambda_2(Q)}, \; Q(i,j) = \sum_k p(i,k) p(j,k) / (p_x(i) p_y(k))
Idmn|1QCO|Normalised inverse difference moment|\sum_k p_{x-y}(k) / (1 + k^2 / N_g^2)
Id|IB1Z|Inverse difference|\sum_k p_{x-y}(k) / (1 + k)
Idn|NDRX|Normalised inverse difference|\sum_k p_{x-y}(k) / (1 + k / N_g)
InverseVariance|E8JP|Inverse variance|\sum_{k \ge 1} p_{x-y}(k) / k^2
MaximumProbability|GYBY|Joint maximum|\max_{i,j} p(i,j)
SumAverage|ZGXS|Sum average|\sum_k k \, p_{x+y}(k)
SumEntropy|P6QZ|Sum entropy|-\sum_k p_{x+y}(k) \log_2 p_{x+y}(k)
~SumVariance|OEEB|Sum variance|\sum_k (k - SA)^2 p_{x+y}(k)
SumSquares|UR99|Joint variance|\sum_{i,j} (i - \mu_x)^2 p(i,j)
`);

/** n(i, j) runs of level i and length j, N_r runs, N_p voxels. */
export const glrlmFeatures = definitions(String.raw`
ShortRunEmphasis|22OV|Short runs emphasis|\tfrac{1}{N_r} \sum_{i,j} n(i,j) / j^2
LongRunEmphasis|W4KF|Long runs emphasis|\tfrac{1}{N_r} \sum_{i,j} n(i,j) j^2
GrayLevelNonUniformity|R5YN|Grey level non-uniformity|\tfrac{1}{N_r} \sum_i (\sum_j n(i,j))^2
GrayLevelNonUniformityNormalized|OVBL|Normalised grey level non-uniformity|\tfrac{1}{N_r^2} \sum_i (\sum_j n(i,j))^2
RunLengthNonUniformity|W92Y|Run length non-uniformity|\tfrac{1}{N_r} \sum_j (\sum_i n(i,j))^2
RunLengthNonUniformityNormalized|IC23|Normalised run length non-uniformity|\tfrac{1}{N_r^2} \sum_j (\sum_i n(i,j))^2
RunPercentage|9ZK5|Run percentage|N_r / N_p
GrayLevelVariance|8CE5|Grey level variance|\sum_{i,j} (i - \mu_i)^2 p(i,j)
RunVariance|SXLW|Run length variance|\sum_{i,j} (j - \mu_j)^2 p(i,j)
RunEntropy|HJ9O|Run entropy|-\sum_{i,j} p(i,j) \log_2 p(i,j)
LowGrayLevelRunEmphasis|V3SW|Low grey level run emphasis|\tfrac{1}{N_r} \sum_{i,j} n(i,j) / i^2
HighGrayLevelRunEmphasis|G3QZ|High grey level run emphasis|\tfrac{1}{N_r} \sum_{i,j} n(i,j) i^2
ShortRunLowGrayLevelEmphasis|HTZT|Short run low grey level emphasis|\tfrac{1}{N_r} \sum_{i,j} n(i,j) / (i^2 j^2)
ShortRunHighGrayLevelEmphasis|GD3A|Short run high grey level emphasis|\tfrac{1}{N_r} \sum_{i,j} n(i,j) i^2 / j^2
LongRunLowGrayLevelEmphasis|IVPO|Long run low grey level emphasis|\tfrac{1}{N_r} \sum_{i,j} n(i,j) j^2 / i^2
LongRunHighGrayLevelEmphasis|3KUM|Long run high grey level emphasis|\tfrac{1}{N_r} \sum_{i,j} n(i,j) i^2 j^2
`);

/** n(i, j) zones of level i and size j, N_z zones, N_p voxels. */
export const glszmFeatures = definitions(String.raw`
SmallAreaEmphasis|5QRC|Small zone emphasis|\tfrac{1}{N_z} \sum_{i,j} n(i,j) / j^2
LargeAreaEmphasis|48P8|Large zone emphasis|\tfrac{1}{N_z} \sum_{i,j} n(i,j) j^2
GrayLevelNonUniformity|JNSA|Grey level non-uniformity|\tfrac{1}{N_z} \sum_i (\sum_j n(i,j))^2
GrayLevelNonUniformityNormalized|Y1RO|Normalised grey level non-uniformity|\tfrac{1}{N_z^2} \sum_i (\sum_j n(i,j))^2
SizeZoneNonUniformity|4JP3|Zone size non-uniformity|\tfrac{1}{N_z} \sum_j (\sum_i n(i,j))^2
SizeZoneNonUniformityNormalized|VB3A|Normalised zone size non-uniformity|\tfrac{1}{N_z^2} \sum_j (\sum_i n(i,j))^2
ZonePercentage|P30P|Zone percentage|N_z / N_p
GrayLevelVariance|BYLV|Grey level variance|\sum_{i,j} (i - \mu_i)^2 p(i,j)
ZoneVariance|3NSA|Zone size variance|\sum_{i,j} (j - \mu_j)^2 p(i,j)
ZoneEntropy|GU8N|Zone size entropy|-\sum_{i,j} p(i,j) \log_2 p(i,j)
LowGrayLevelZoneEmphasis|XMSY|Low grey level zone emphasis|\tfrac{1}{N_z} \sum_{i,j} n(i,j) / i^2
HighGrayLevelZoneEmphasis|5GN9|High grey level zone emphasis|\tfrac{1}{N_z} \sum_{i,j} n(i,j) i^2
SmallAreaLowGrayLevelEmphasis|5RAI|Small zone low grey level emphasis|\tfrac{1}{N_z} \sum_{i,j} n(i,j) / (i^2 j^2)
SmallAreaHighGrayLevelEmphasis|HW1V|Small zone high grey level emphasis|\tfrac{1}{N_z} \sum_{i,j} n(i,j) i^2 / j^2
LargeAreaLowGrayLevelEmphasis|YH51|Large zone low grey level emphasis|\tfrac{1}{N_z} \sum_{i,j} n(i,j) j^2 / i^2
LargeAreaHighGrayLevelEmphasis|J17V|Large zone high grey level emphasis|\tfrac{1}{N_z} \sum_{i,j} n(i,j) i^2 j^2
`);

/** n(i, j) voxels of level i with j - 1 dependent neighbours, N_z = N_p voxels; NGLDM in IBSI. */
export const gldmFeatures = definitions(String.raw`
SmallDependenceEmphasis|SODN|Low dependence emphasis|\tfrac{1}{N_z} \sum_{i,j} n(i,j) / j^2
LargeDependenceEmphasis|IMOQ|High dependence emphasis|\tfrac{1}{N_z} \sum_{i,j} n(i,j) j^2
GrayLevelNonUniformity|FP8K|Grey level non-uniformity|\tfrac{1}{N_z} \sum_i (\sum_j n(i,j))^2
DependenceNonUniformity|Z87G|Dependence count non-uniformity|\tfrac{1}{N_z} \sum_j (\sum_i n(i,j))^2
DependenceNonUniformityNormalized|OKJI|Normalised dependence count non-uniformity|\tfrac{1}{N_z^2} \sum_j (\sum_i n(i,j))^2
GrayLevelVariance|1PFV|Grey level variance|\sum_{i,j} (i - \mu_i)^2 p(i,j)
DependenceVariance|DNX2|Dependence count variance|\sum_{i,j} (j - \mu_j)^2 p(i,j)
DependenceEntropy|FCBV|Dependence count entropy|-\sum_{i,j} p(i,j) \log_2 p(i,j)
LowGrayLevelEmphasis|TL9H|Low grey level count emphasis|\tfrac{1}{N_z} \sum_{i,j} n(i,j) / i^2
HighGrayLevelEmphasis|OAE7|High grey level count emphasis|\tfrac{1}{N_z} \sum_{i,j} n(i,j) i^2
SmallDependenceLowGrayLevelEmphasis|EQ3F|Low dependence low grey level emphasis|\tfrac{1}{N_z} \sum_{i,j} n(i,j) / (i^2 j^2)
SmallDependenceHighGrayLevelEmphasis|JA6D|Low dependence high grey level emphasis|\tfrac{1}{N_z} \sum_{i,j} n(i,j) i^2 / j^2
LargeDependenceLowGrayLevelEmphasis|NBZI|High dependence low grey level emphasis|\tfrac{1}{N_z} \sum_{i,j} n(i,j) j^2 / i^2
LargeDependenceHighGrayLevelEmphasis|9QMG|High dependence high grey level emphasis|\tfrac{1}{N_z} \sum_{i,j} n(i,j) i^2 j^2
`);

/** p_i share of voxels of level i, s_i their summed difference from their neighbours, N_g levels present. */
export const ngtdmFeatures = definitions(String.raw`
Coarseness|QCDE|Coarseness|1 / \sum_i p_i s_i
Contrast|65HE|Contrast|\tfrac{1}{N_g (N_g - 1)} \sum_{i,j} p_i p_j (i - j)^2 \cdot \tfrac{1}{N} \sum_i s_i
Busyness|NQ30|Busyness|\sum_i p_i s_i / \sum_{i,j} \lvert i p_i - j p_j \rvert
Complexity|HDEZ|Complexity|\tfrac{1}{N} \sum_{i,j} \lvert i - j \rvert (p_i s_i + p_j s_j) / (p_i + p_j)
Strength|1X9X|Strength|\sum_{i,j} (p_i + p_j)(i - j)^2 / \sum_i s_i
`);
